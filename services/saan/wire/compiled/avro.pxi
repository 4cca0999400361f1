# Avro, strictly: what `wire.avro.decoding` accepts, and nothing else. A null pointer means: in doubt.

cdef inline const uint8_t* read_long(const uint8_t* p, const uint8_t* end, int64_t* value) noexcept nogil:
    """An integer in as few bytes as it needs."""
    cdef uint64_t n
    cdef int shift = 7
    cdef uint8_t byte
    if p >= end:
        return NULL
    byte = p[0]
    p += 1
    n = byte & 0x7F
    while byte >= 0x80:
        if p >= end or shift > 63:
            return NULL
        byte = p[0]
        p += 1
        if byte == 0 or (shift == 63 and byte > 1):
            return NULL
        n |= <uint64_t>(byte & 0x7F) << shift
        shift += 7
    value[0] = <int64_t>(n >> 1) ^ -<int64_t>(n & 1)
    return p


cdef inline const uint8_t* read_size(const uint8_t* p, const uint8_t* end, int64_t* size) noexcept nogil:
    """A length that what follows does have."""
    p = read_long(p, end, size)
    if p == NULL or size[0] < 0 or size[0] > end - p:
        return NULL
    return p


cdef inline bint is_utf8(const uint8_t* p, Py_ssize_t size) noexcept nogil:
    """Strict UTF-8: no longer form than needed, no surrogates, nothing above U+10FFFF."""
    cdef const uint8_t* end = p + size
    cdef uint64_t eight
    cdef uint8_t byte
    while p < end:
        byte = p[0]
        if byte < 0x80:
            if end - p >= 8:
                memcpy(&eight, p, 8)
                if eight & 0x8080808080808080ULL == 0:
                    p += 8
                    continue
            p += 1
        elif byte < 0xC2:
            return False
        elif byte < 0xE0:
            if end - p < 2 or (p[1] & 0xC0) != 0x80:
                return False
            p += 2
        elif byte < 0xF0:
            if end - p < 3 or (p[1] & 0xC0) != 0x80 or (p[2] & 0xC0) != 0x80:
                return False
            if (byte == 0xE0 and p[1] < 0xA0) or (byte == 0xED and p[1] >= 0xA0):
                return False
            p += 3
        elif byte < 0xF5:
            if end - p < 4 or (p[1] & 0xC0) != 0x80 or (p[2] & 0xC0) != 0x80 or (p[3] & 0xC0) != 0x80:
                return False
            if (byte == 0xF0 and p[1] < 0x90) or (byte == 0xF4 and p[1] >= 0x90):
                return False
            p += 4
        else:
            return False
    return True


cdef inline Py_ssize_t characters(const uint8_t* p, Py_ssize_t size) noexcept nogil:
    """How many characters valid UTF-8 has."""
    cdef Py_ssize_t count = 0
    cdef Py_ssize_t i
    for i in range(size):
        count += (p[i] & 0xC0) != 0x80
    return count


cdef enum:
    NONE = 0
    WHOLE = 1
    REAL = 2
    TEXT = 3
    RAW = 4
    LIST = 5
    OTHER = 6


cdef struct Slot:
    int holds
    int node           # of a list: its node
    int64_t n          # a whole number, or the size of text, bytes or list
    double real
    const uint8_t* p   # text and bytes; where the blocks of a list begin
    const uint8_t* end # of what p points into


cdef struct Node:
    int shape
    int slot
    int64_t a
    int64_t b
    int inner          # the first of its inner nodes, in `Machine.inner`
    int count


cdef struct Text:
    const uint8_t* p
    Py_ssize_t size


cdef struct Items:
    # A walk through the items of a list
    const uint8_t* p
    const uint8_t* end
    int node
    int64_t left
    const uint8_t* stop # where the block says that it ends, or null
