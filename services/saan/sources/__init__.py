"""The files that schools have today, read into events.

    table        bytes -> rows of cells: encoding, delimiter, header; a file that cannot be read whole is refused whole
    cells        cleaning of one cell: digits, spaces, invisible characters, dates, numbers
    codebook     another system's names -> canonical codes, by the governed crosswalk and never by guess
    places       names of province, district and subdistrict -> their codes
    reads        one way of reading a cell into a field each
    sheet        a table with a learner in each row -> the events of that learner, as its columns say
    dmc          the OBEC DMC roster
    template     the template STUDENT of the sandbox standard
    strict       tables whose header a specification fixes
    oneroster    OneRoster 1.2 bundles
    judge        holds a row's event against the same rules as the validator does
    formats      which tables are known, and their entry: ``rows``
    opening      the way in for whatever somebody has: a table, a folder, a zip file
    conformance  the standard's sample lines, read as what a publisher would have sent
    trying       what becomes of such a line, without an exchange that runs
    report       what became of each row, for people and for machines

and back again, from the events of an inbox:

    fold             events -> what is known of each learner now
    writes           one way of writing a field into a cell each, the inverse of ``reads``
    export_template  learners -> the STUDENT template
    export           which files can be written, and the way out

What the columns of a format mean is data: ``schemas/files/<format>.csv`` says event, field and way of reading of each.
A format is listed once in ``formats.FORMATS``, with the words that only it uses.
"""
