# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Runs compiled programs over records. Built where Cython and a C compiler are; nothing depends on it being there.

Every read of a record's bytes is held against their end. What a program itself says (numbers of slots, nodes, tables)
is not: it comes from the compiler in the same package, and `OPS` and `SHAPES` prove that the two speak alike.
"""

import hmac

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.math cimport fabs, rint
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memset, strchr

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size)
    void PyErr_Clear()
    object PyUnicode_DecodeUTF8(const char* p, Py_ssize_t size, const char* errors)

cdef enum Shape:  # `program.Shape`
    S_NULL = 1
    S_BOOLEAN
    S_INT
    S_LONG
    S_FLOAT
    S_DOUBLE
    S_BYTES
    S_STRING
    S_ENUM
    S_FIXED
    S_OPTION
    S_UNION
    S_ARRAY
    S_MAP
    S_RECORD

SHAPES = {
    "NULL": S_NULL,
    "BOOLEAN": S_BOOLEAN,
    "INT": S_INT,
    "LONG": S_LONG,
    "FLOAT": S_FLOAT,
    "DOUBLE": S_DOUBLE,
    "BYTES": S_BYTES,
    "STRING": S_STRING,
    "ENUM": S_ENUM,
    "FIXED": S_FIXED,
    "OPTION": S_OPTION,
    "UNION": S_UNION,
    "ARRAY": S_ARRAY,
    "MAP": S_MAP,
    "RECORD": S_RECORD,
}

cdef enum Op:  # `program.Op`
    O_GIVEN = 1
    O_SOME
    O_ABSENT
    O_RANGE
    O_STEP
    O_TODAY
    O_ORDER
    O_SCHOOL_DAY
    O_FISCAL
    O_MATCH
    O_NOT_TEXT
    O_IF_TEXT
    O_IF_IN
    O_IF_GIVEN
    O_CODE
    O_CODE_STEP
    O_CODE_BY
    O_ALLOWED
    O_NEST
    O_COUNT
    O_CITIZEN
    O_G_YEAR
    O_DIFFER
    O_ONE_OF
    O_WINDOW
    O_ROUND_OVER
    O_SCHOOL
    O_ORGANISATION
    O_CODE_TEN
    O_PREFIX
    O_AGE
    O_RETIRE
    O_SUM
    O_DISTANCE
    O_BAND
    O_AT_MOST
    O_SUMS_TO
    O_UNIQUE
    O_EACH

OPS = {
    "GIVEN": O_GIVEN,
    "SOME": O_SOME,
    "ABSENT": O_ABSENT,
    "RANGE": O_RANGE,
    "STEP": O_STEP,
    "TODAY": O_TODAY,
    "ORDER": O_ORDER,
    "SCHOOL_DAY": O_SCHOOL_DAY,
    "FISCAL": O_FISCAL,
    "MATCH": O_MATCH,
    "NOT_TEXT": O_NOT_TEXT,
    "IF_TEXT": O_IF_TEXT,
    "IF_IN": O_IF_IN,
    "IF_GIVEN": O_IF_GIVEN,
    "CODE": O_CODE,
    "CODE_STEP": O_CODE_STEP,
    "CODE_BY": O_CODE_BY,
    "ALLOWED": O_ALLOWED,
    "NEST": O_NEST,
    "COUNT": O_COUNT,
    "CITIZEN": O_CITIZEN,
    "G_YEAR": O_G_YEAR,
    "DIFFER": O_DIFFER,
    "ONE_OF": O_ONE_OF,
    "WINDOW": O_WINDOW,
    "ROUND_OVER": O_ROUND_OVER,
    "SCHOOL": O_SCHOOL,
    "ORGANISATION": O_ORGANISATION,
    "CODE_TEN": O_CODE_TEN,
    "PREFIX": O_PREFIX,
    "AGE": O_AGE,
    "RETIRE": O_RETIRE,
    "SUM": O_SUM,
    "DISTANCE": O_DISTANCE,
    "BAND": O_BAND,
    "AT_MOST": O_AT_MOST,
    "SUMS_TO": O_SUMS_TO,
    "UNIQUE": O_UNIQUE,
    "EACH": O_EACH,
}

cdef int64_t LAST = 0x7FFFFFFFFFFFFFFFLL
cdef int64_t FAR = 0x3FFFFFFFFFFFFFFFLL  # two whole numbers below this can be subtracted
cdef int64_t EXACT = 0x1FFFFFFFFFFFFFLL  # floating point holds every whole number up to this
cdef double[16] POWERS
POWERS[:] = [10.0**n for n in range(16)]

cdef enum:  # `tables.ROW`
    KIND = 0
    FROM
    TO
    LEVELS
    PROVINCE
    CODE_OF

include "lookup.pxi"
include "avro.pxi"
include "machine.pxi"
include "judging.pxi"
include "envelope.pxi"
include "deciding.pxi"
