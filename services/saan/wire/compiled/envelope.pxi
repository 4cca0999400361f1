# The attributes of a record, from its headers as text: what `core.envelope.read` and the parts of `core.validate` about
# the envelope object to is in doubt.

cdef int64_t SECOND = 1000000
cdef int64_t DAY = 86400 * SECOND
cdef int64_t BANGKOK = 7 * 3600 * SECOND

cdef enum:
    MOST_VALUE = 1000

cdef enum:
    A_ID = 0
    A_TYPE
    A_SOURCE
    A_TIME
    A_VERSION
    A_SUBJECT
    A_RECORDED
    A_SEQUENCE
    A_SCHEMA_VERSION
    A_TEST_DATA
    A_CAUSATION
    A_CORRELATION
    A_CONTENT
    A_CLASS
    A_PURPOSE
    ATTRIBUTES

cdef dict ATTRIBUTE_NAMES = {
    "ce_id": A_ID,
    "ce_type": A_TYPE,
    "ce_source": A_SOURCE,
    "ce_time": A_TIME,
    "ce_specversion": A_VERSION,
    "ce_subject": A_SUBJECT,
    "ce_recordedtime": A_RECORDED,
    "ce_sequence": A_SEQUENCE,
    "ce_schemaversion": A_SCHEMA_VERSION,
    "ce_testdata": A_TEST_DATA,
    "ce_causationid": A_CAUSATION,
    "ce_correlationid": A_CORRELATION,
    "content-type": A_CONTENT,
    "ce_dataclass": A_CLASS,
    "ce_purpose": A_PURPOSE,
}


cdef struct Attributes:
    Text of[ATTRIBUTES]
    int64_t time


cdef inline bint is_digit(uint8_t c) noexcept nogil:
    return 48 <= c <= 57


cdef inline bint is_alnum(uint8_t c) noexcept nogil:
    return is_digit(c) or 65 <= c <= 90 or 97 <= c <= 122


cdef inline bint is_hex(uint8_t c, bint upper) noexcept nogil:
    return is_digit(c) or 97 <= c <= 102 or (upper and 65 <= c <= 70)


cdef bint tells_citizen_id(const uint8_t* p, Py_ssize_t size, bint upper) noexcept nogil:
    """Whether 13 digits stand alone: beside no hexadecimal digit, of capital letters only where `upper`."""
    cdef Py_ssize_t at = 0
    cdef Py_ssize_t start
    while at < size:
        if not is_digit(p[at]):
            at += 1
            continue
        start = at
        while at < size and is_digit(p[at]):
            at += 1
        if at - start == 13:
            if (start == 0 or not is_hex(p[start - 1], upper)) and (at == size or not is_hex(p[at], upper)):
                return True
    return False


cdef inline bint is_plain(const uint8_t* p, Py_ssize_t size) noexcept nogil:
    """Printable ASCII of a length that is allowed."""
    cdef Py_ssize_t at
    if size > MOST_VALUE:
        return False
    for at in range(size):
        if p[at] < 0x20 or p[at] > 0x7E:
            return False
    return True


cdef inline bint is_word_of(const Text* text, const char* marks, Py_ssize_t most) noexcept nogil:
    """1 to `most` ASCII letters, digits and marks."""
    cdef Py_ssize_t at
    if not 0 < text.size <= most:
        return False
    for at in range(text.size):
        if not is_alnum(text.p[at]) and strchr(marks, text.p[at]) == NULL:
            return False
    return True


cdef inline bint is_decimal(const Text* text) noexcept nogil:
    """Up to 18 digits, or nothing."""
    cdef Py_ssize_t at
    if text.size > 18:
        return False
    for at in range(text.size):
        if not is_digit(text.p[at]):
            return False
    return True


cdef inline bint equals(const Text* text, const char* other, Py_ssize_t size) noexcept nogil:
    return text.size == size and memcmp(text.p, other, size) == 0


cdef inline int two(const uint8_t* p) noexcept nogil:
    """The number of two digits, or far below zero."""
    return (p[0] - 48) * 10 + p[1] - 48 if is_digit(p[0]) and is_digit(p[1]) else -1000000


cdef bint instant(const Text* text, int64_t* micros) noexcept nogil:
    """`core.envelope.instant`, for the years 1000 to 9998 and capital letters: YYYY-MM-DDTHH:MM:SS[.f]Z or ±HH:MM."""
    cdef const uint8_t* p = text.p
    cdef Py_ssize_t at = 19
    cdef int64_t fraction = 0
    cdef int64_t unit = 100000
    cdef int64_t shift = 0
    cdef int year, month, day, hour, minute, second, length
    if text.size < 20 or p[4] != b"-" or p[7] != b"-" or p[10] != b"T" or p[13] != b":" or p[16] != b":":
        return False
    year, month, day = two(p) * 100 + two(p + 2), two(p + 5), two(p + 8)
    hour, minute, second = two(p + 11), two(p + 14), two(p + 17)
    if not 1000 <= year <= 9998 or not 1 <= month <= 12 or day < 1:
        return False
    length = 30 if month in (4, 6, 9, 11) else 31
    if month == 2:
        length = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    if day > length or not 0 <= hour <= 23 or not 0 <= minute <= 59 or not 0 <= second <= 59:
        return False
    if p[at] == b".":
        at += 1
        while at < text.size and is_digit(p[at]):
            if at >= 29:
                return False
            fraction += unit * (p[at] - 48)
            unit //= 10
            at += 1
        if at == 20 or at == text.size:
            return False
    if p[at] == b"Z":
        if at + 1 != text.size:
            return False
    elif (p[at] == b"+" or p[at] == b"-") and at + 6 == text.size and p[at + 3] == b":":
        if not 0 <= two(p + at + 1) <= 23 or not 0 <= two(p + at + 4) <= 59:
            return False
        shift = (two(p + at + 1) * 3600 + two(p + at + 4) * 60) * (1 if p[at] == b"+" else -1)
    else:
        return False
    micros[0] = to_day(year, month, day) * DAY + (hour * 3600 + minute * 60 + second - shift) * SECOND + fraction
    return True


cdef bint has_form(Attributes* a, int64_t received, bint production) noexcept nogil:
    """Whether every attribute has its form, and the times are not in the future."""
    cdef int64_t recorded = 0
    cdef int at
    if not equals(&a.of[A_VERSION], b"1.0", 3) or not is_word_of(&a.of[A_ID], b"._:-", 64):
        return False
    if not is_word_of(&a.of[A_TYPE], b"._:/-", 200) or not is_word_of(&a.of[A_SOURCE], b"._:/-", 200):
        return False
    if not is_decimal(&a.of[A_SEQUENCE]) or not is_decimal(&a.of[A_SCHEMA_VERSION]):
        return False
    for at in range(A_CAUSATION, A_CORRELATION + 1):
        if a.of[at].size and not is_word_of(&a.of[at], b"._:-", 64):
            return False
    if a.of[A_CONTENT].size and not equals(&a.of[A_CONTENT], b"application/avro", 16):
        return False
    if a.of[A_TEST_DATA].size and not equals(&a.of[A_TEST_DATA], b"false", 5):
        if production or not equals(&a.of[A_TEST_DATA], b"true", 4):
            return False
    if not instant(&a.of[A_TIME], &a.time):
        return False
    if a.of[A_RECORDED].size:
        if not instant(&a.of[A_RECORDED], &recorded) or recorded > received + SKEW:
            return False
    else:
        recorded = received + SKEW
    return a.time <= recorded


cdef bint gather(dict headers, Attributes* a):
    """The attributes by number; whether what they and all others carry may be there at all."""
    cdef Py_ssize_t size = 0
    cdef const uint8_t* p
    cdef object number
    cdef int at
    memset(a, 0, sizeof(Attributes))
    for name, value in headers.items():
        number = ATTRIBUTE_NAMES.get(name)
        if number is None and not (<str>name).startswith("ce_"):
            continue
        p = <const uint8_t*>PyUnicode_AsUTF8AndSize(value, &size)
        if p == NULL:
            PyErr_Clear()
            return False
        if not is_plain(p, size):
            return False
        if number is None:
            if tells_citizen_id(p, size, True):
                return False
            continue
        at = number
        if at not in (A_SUBJECT, A_TIME, A_RECORDED, A_SEQUENCE, A_CONTENT) and tells_citizen_id(p, size, True):
            return False
        a.of[at].p, a.of[at].size = p, size
    return True
