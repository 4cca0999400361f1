"""OneRoster 1.2 CSV bundles: read into events, and written from them.

    bundle     a folder or a zip file -> its files by name
    manifest   which of them there are, as `manifest.csv` must say
    part       one file: header and rows, as the specification's own rules want them
    checks     one row by itself: mandatory fields, tokens, dates, keys
    gathered   what the rows before an enrolment have said: sessions, orgs, classes, users, demographics
    reading    the way in: every row of every file judged, and the enrolments of learners as events
    writing    learners -> the files of a bundle

The columns, what is mandatory, the tokens and the references are data: ``schemas/files/oneroster.csv``. Only bulk
bundles are read: a delta says what is no longer so without saying why, which no event may. Files of the bundle that
say nothing of enrolments (grades, resources) are left unread.

A learner's citizen ID stands in ``userIds`` as ``{TH-CITIZEN:…}`` (also ``TH-GCODE``, ``TH-PASSPORT``, ``TH-ALIEN``).
OneRoster has no titles of courtesy: an extension column ``metadata.th.prefixCode`` carries them; without it they follow
from sex and age, as custom has it for pupils (เด็กชาย and เด็กหญิง until fifteen, then นาย and นางสาว).

Versions 1.2 and 1.2.1 are read, and 1.2 is written: they differ in one column of users, which 1.2.1 has no more (as
its implementation in the Ruby library meibo has it).

Source: 1EdTech OneRoster CSV Binding 1.2.
"""
