# Texts that are looked up, and sets of texts: `tables.Table` and `automaton.Automaton` in memory of their own.

cdef inline uint64_t hashed(const uint8_t* text, Py_ssize_t size) noexcept nogil:
    cdef uint64_t h = <uint64_t>size * 0x9E3779B97F4A7C15ULL
    cdef uint64_t part
    while size >= 8:
        memcpy(&part, text, 8)
        h = (h ^ part) * 0xFF51AFD7ED558CCDULL
        h ^= h >> 32
        text += 8
        size -= 8
    part = 0
    memcpy(&part, text, size)
    h = (h ^ part) * 0xFF51AFD7ED558CCDULL
    return h ^ (h >> 29)


cdef struct Entry:
    int64_t value
    uint32_t start
    uint32_t size  # of the text, plus one; 0: nothing is here


cdef struct Lookup:
    # A `tables.Table`: open addressing, at most half full
    Entry* entries
    uint64_t mask
    const uint8_t* text
    int64_t* cells
    Py_ssize_t cell_count
    const uint8_t* word
    uint32_t* word_ends
    Py_ssize_t word_count


cdef inline bint find(const Lookup* table, const uint8_t* text, Py_ssize_t size, int64_t* value) noexcept nogil:
    cdef uint64_t at = hashed(text, size) & table.mask
    cdef Entry* entry
    while True:
        entry = &table.entries[at]
        if entry.size == 0:
            return False
        if entry.size == <uint64_t>size + 1 and memcmp(table.text + entry.start, text, size) == 0:
            value[0] = entry.value
            return True
        at = (at + 1) & table.mask


cdef inline bint is_word(const Lookup* table, int64_t number, const uint8_t* text, Py_ssize_t size) noexcept nogil:
    """Whether word `number` of the table is this text."""
    cdef uint32_t start
    if number < 0 or number >= table.word_count:
        return False
    start = table.word_ends[number - 1] if number > 0 else 0
    return table.word_ends[number] - start == <uint64_t>size and memcmp(table.word + start, text, size) == 0


cdef inline bint in_force(const Lookup* table, int64_t value, int64_t day, bint dated) noexcept nogil:
    """Whether a code with this value is valid on the day, or at any time when there is no day."""
    cdef int64_t at = value >> 8
    cdef int64_t count = value & 255
    if value < 0 or not dated:
        return True
    if at + 2 * count > table.cell_count:
        return False
    while count > 0:
        if table.cells[at] <= day and (day < table.cells[at + 1] or table.cells[at + 1] == LAST):
            return True
        at += 2
        count -= 1
    return False


cdef class Table:
    cdef Lookup data
    cdef bytes blob
    cdef bytes words

    def __cinit__(self):
        memset(&self.data, 0, sizeof(Lookup))

    def __init__(self, table):
        cdef uint64_t size = 4
        cdef uint64_t at
        cdef Py_ssize_t start = 0
        cdef Py_ssize_t i
        cdef bytes key
        keys = [name.encode("utf-8", "surrogatepass") for name in table.values]
        while size < 2 * <uint64_t>len(keys):
            size *= 2
        self.blob = b"".join(keys)
        self.data.mask = size - 1
        self.data.entries = <Entry*>taken(size * sizeof(Entry))
        self.data.text = <const uint8_t*>PyBytes_AS_STRING(self.blob)
        for key, value in zip(keys, table.values.values()):
            at = hashed(<const uint8_t*>PyBytes_AS_STRING(key), len(key)) & self.data.mask
            while self.data.entries[at].size:
                at = (at + 1) & self.data.mask
            self.data.entries[at].start = start
            self.data.entries[at].size = len(key) + 1
            self.data.entries[at].value = value
            start += len(key)
        self.data.cell_count = len(table.cells)
        self.data.cells = <int64_t*>taken(self.data.cell_count * sizeof(int64_t))
        for i, cell in enumerate(table.cells):
            self.data.cells[i] = cell
        words = [word.encode() for word in table.texts]
        self.words = b"".join(words)
        self.data.word = <const uint8_t*>PyBytes_AS_STRING(self.words)
        self.data.word_count = len(words)
        self.data.word_ends = <uint32_t*>taken(self.data.word_count * sizeof(uint32_t))
        start = 0
        for i, key in enumerate(words):
            start += len(key)
            self.data.word_ends[i] = start

    def __dealloc__(self):
        free(self.data.entries)
        free(self.data.cells)
        free(self.data.word_ends)


cdef struct Moves:
    # An `automaton.Automaton`
    const uint8_t* classes
    const uint8_t* accepting
    uint16_t* moves
    uint32_t width


cdef inline bint accepts(const Moves* automaton, const uint8_t* text, Py_ssize_t size) noexcept nogil:
    cdef uint32_t state = 1
    cdef Py_ssize_t i
    for i in range(size):
        state = automaton.moves[state * automaton.width + automaton.classes[text[i]]]
        if state == 0:
            return False
    return automaton.accepting[state] != 0


cdef class Automaton:
    cdef Moves data
    cdef bytes classes
    cdef bytes accepting

    def __cinit__(self):
        memset(&self.data, 0, sizeof(Moves))

    def __init__(self, automaton):
        cdef Py_ssize_t i
        cdef Py_ssize_t states = len(automaton.accepting)
        self.classes, self.accepting, self.data.width = automaton.classes, automaton.accepting, automaton.width
        if len(self.classes) != 256 or len(automaton.moves) != states * automaton.width or not 2 <= states <= 0xFFFF:
            raise ValueError("this is no automaton")
        self.data.classes = <const uint8_t*>PyBytes_AS_STRING(self.classes)
        self.data.accepting = <const uint8_t*>PyBytes_AS_STRING(self.accepting)
        self.data.moves = <uint16_t*>taken(len(automaton.moves) * sizeof(uint16_t))
        for i, state in enumerate(automaton.moves):
            self.data.moves[i] = state

    def __dealloc__(self):
        free(self.data.moves)


cdef void* taken(size_t size) except NULL:
    """Memory, all zero; never none of it."""
    cdef void* memory = calloc(1, size if size else 1)
    if memory == NULL:
        raise MemoryError
    return memory
