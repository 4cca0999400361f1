"""The files that schools have today, read into events.

    table        bytes -> rows of cells: encoding, delimiter, header; a file that cannot be read whole is refused whole
    cells        cleaning of one cell: digits, spaces, invisible characters, dates, numbers
    codebook     another system's names -> canonical codes, by the governed crosswalk and never by guess
    places       names of province, district and subdistrict -> their codes
    dmc          the OBEC DMC roster: what its 36 columns mean
    judge        holds a row's event against the same rules as the validator does
    formats      which formats are known, and the entry: ``rows``
    conformance  the standard's sample lines, read as what a publisher would have sent
    report       what became of each row, for people and for machines

A format is one module that says which columns make its header and turns one row of cells into a ``Draft``; it is
listed once in ``formats.FORMATS``.
"""
