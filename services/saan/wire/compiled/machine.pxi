# Runs a `program.Program`: `Machine.read` walks the bytes, `judge` runs the code over the slots.

cdef enum:
    DEEPEST = 40
    MOST_ITEMS = 512
    MOST_GROUPS = 64


cdef struct Instruction:
    int op
    int a
    int b
    int c
    int d
    int64_t x
    int64_t y
    double u
    double v


cdef class Machine:
    """One program, ready to be run."""

    cdef Node* nodes
    cdef int* inner
    cdef Instruction* code
    cdef int length
    cdef int64_t* numbers
    cdef Text* texts
    cdef list kept
    cdef tuple made
    cdef const Lookup** tables
    cdef const Moves** automata
    cdef Slot* slots
    cdef int slot_count
    cdef int root
    cdef int* subject
    cdef int subject_count
    cdef bint learner
    cdef int school

    def __cinit__(self):
        self.nodes = NULL
        self.inner = NULL
        self.code = NULL
        self.numbers = NULL
        self.texts = NULL
        self.slots = NULL
        self.subject = NULL
        self.tables = NULL
        self.automata = NULL

    def __init__(self, program, dict made):
        """`made` maps tables and automata to what was made of them, for the programs of one state of governance."""
        cdef int i
        cdef int at = 0
        cdef Node* node
        cdef Instruction* one
        cdef bytes text
        self.kept = list(program.texts)
        self.made = [one_of(made, Table, t) for t in program.tables], [one_of(made, Automaton, t) for t in program.automata]
        self.tables = <const Lookup**>taken(len(self.made[0]) * sizeof(void*))
        for i, t in enumerate(self.made[0]):
            self.tables[i] = &(<Table>t).data
        self.automata = <const Moves**>taken(len(self.made[1]) * sizeof(void*))
        for i, t in enumerate(self.made[1]):
            self.automata[i] = &(<Automaton>t).data
        self.nodes = <Node*>taken((len(program.nodes) + 1) * sizeof(Node))
        self.inner = <int*>taken((sum(len(n.inner) for n in program.nodes) + 1) * sizeof(int))
        for i, n in enumerate(program.nodes):
            node = &self.nodes[i]
            node.shape, node.slot, node.a, node.b = n.shape, n.slot, n.a, n.b
            node.inner, node.count = at, len(n.inner)
            for number in n.inner:
                self.inner[at] = number
                at += 1
        self.length = len(program.code)
        self.code = <Instruction*>taken((self.length + 1) * sizeof(Instruction))
        for i, c in enumerate(program.code):
            one = &self.code[i]
            one.op, one.a, one.b, one.c, one.d = c.op, c.a, c.b, c.c, c.d
            one.x, one.y, one.u, one.v = c.x, c.y, c.u, c.v
        self.numbers = <int64_t*>taken((len(program.numbers) + 1) * sizeof(int64_t))
        for i, number in enumerate(program.numbers):
            self.numbers[i] = number
        self.texts = <Text*>taken((len(self.kept) + 1) * sizeof(Text))
        for i, text in enumerate(self.kept):
            self.texts[i].p = <const uint8_t*>PyBytes_AS_STRING(text)
            self.texts[i].size = len(text)
        self.slot_count = program.slots
        self.slots = <Slot*>taken((self.slot_count) * sizeof(Slot))
        self.root = program.root
        self.subject_count = len(program.subject)
        self.subject = <int*>taken((self.subject_count + 1) * sizeof(int))
        for i, number in enumerate(program.subject):
            self.subject[i] = number
        self.learner = program.learner
        self.school = program.school

    def __dealloc__(self):
        free(self.nodes)
        free(self.inner)
        free(self.code)
        free(self.numbers)
        free(self.texts)
        free(self.slots)
        free(self.subject)
        free(self.tables)
        free(self.automata)

    def passes(self, bytes body, int64_t received):
        """Whether the body is certainly of the schema, and no rule objects to it."""
        return self.run(<const uint8_t*>PyBytes_AS_STRING(body), PyBytes_GET_SIZE(body), received)

    cdef bint run(self, const uint8_t* body, Py_ssize_t size, int64_t received) noexcept nogil:
        cdef const uint8_t* end = body + size
        memset(self.slots, 0, self.slot_count * sizeof(Slot))
        if self.read(self.root, body, end, 0) != end:
            return False
        return judge(self, 0, self.length, received)

    cdef Slot* item(self, const Slot* list_) noexcept nogil:
        """The slot of an item of a list, or null if it has none."""
        cdef Node* node = &self.nodes[self.inner[self.nodes[list_.node].inner]]
        while (node.shape == S_OPTION or node.shape == S_UNION) and node.count > 0:
            node = &self.nodes[self.inner[node.inner]]
        return &self.slots[node.slot] if node.slot >= 0 else NULL

    cdef const uint8_t* read(self, int at, const uint8_t* p, const uint8_t* end, int depth) noexcept nogil:
        """Read a value of node `at`; returns where it ends."""
        cdef Node* node = &self.nodes[at]
        cdef Slot* slot = NULL
        cdef int64_t n = 0
        cdef int i
        cdef float single
        if node.slot >= 0:
            slot = &self.slots[node.slot]
        if node.shape == S_STRING:
            p = read_size(p, end, &n)
            if p == NULL or not is_utf8(p, n):
                return NULL
            if slot != NULL:
                slot.holds, slot.n, slot.p = TEXT, n, p
            return p + n
        if node.shape == S_OPTION:
            if p >= end:
                return NULL
            if p[0] == node.a:
                return p + 1
            return self.read(self.inner[node.inner], p + 1, end, depth) if p[0] == node.b else NULL
        if node.shape == S_INT or node.shape == S_LONG:
            p = read_long(p, end, &n)
            if p == NULL or (node.shape == S_INT and (n < -0x80000000LL or n > 0x7FFFFFFFLL)):
                return NULL
            if slot != NULL:
                slot.holds, slot.n = WHOLE, n
            return p
        if node.shape == S_ENUM:
            p = read_long(p, end, &n)
            if p == NULL or n < 0 or n >= node.b:
                return NULL
            if slot != NULL:
                slot.holds, slot.p, slot.n = TEXT, self.texts[node.a + n].p, self.texts[node.a + n].size
            return p
        if node.shape == S_RECORD:
            if depth > DEEPEST:
                return NULL
            if slot != NULL:
                slot.holds = OTHER
            for i in range(node.count):
                p = self.read(self.inner[node.inner + i], p, end, depth + 1)
                if p == NULL:
                    return NULL
            return p
        if node.shape == S_ARRAY:
            return self.read_array(node, slot, at, p, end, depth)
        if node.shape == S_BOOLEAN:
            if p >= end or p[0] > 1:
                return NULL
            if slot != NULL:
                slot.holds = OTHER
            return p + 1
        if node.shape == S_DOUBLE:
            if end - p < 8:
                return NULL
            if slot != NULL:
                slot.holds, slot.real = REAL, little_double(p)
            return p + 8
        if node.shape == S_FLOAT:
            if end - p < 4:
                return NULL
            if slot != NULL:
                slot.holds, slot.real = REAL, little_float(p)
            return p + 4
        if node.shape == S_BYTES or node.shape == S_FIXED:
            n = node.a
            if node.shape == S_BYTES:
                p = read_size(p, end, &n)
            if p == NULL or end - p < n:
                return NULL
            if slot != NULL:
                slot.holds, slot.n, slot.p = RAW, n, p
            return p + n
        if node.shape == S_MAP:
            return self.read_map(node, slot, p, end, depth)
        if node.shape == S_UNION:
            p = read_long(p, end, &n)
            if p == NULL or n < 0 or n >= node.count:
                return NULL
            return self.read(self.inner[node.inner + n], p, end, depth)
        return p if node.shape == S_NULL else NULL

    cdef const uint8_t* read_array(
        self, Node* node, Slot* slot, int at, const uint8_t* p, const uint8_t* end, int depth
    ) noexcept nogil:
        cdef Items items
        cdef int64_t n = 0
        cdef int found
        if depth > DEEPEST:
            return NULL
        begin(&items, at, p, end)
        while True:
            found = self.following(&items, depth + 1)
            if found < 0:
                return NULL
            if found == 0:
                break
            n += 1
        if slot != NULL:
            slot.holds, slot.n, slot.p, slot.end, slot.node = LIST, n, p, end, at
        return items.p

    cdef int following(self, Items* items, int depth) noexcept nogil:
        """Read the next item of a list into its slots: 1; 0 when there is none; -1 in doubt. After 0, p is behind it."""
        cdef Node* node = &self.nodes[items.node]
        cdef int64_t size = 0
        cdef int i
        if items.left == 0:
            if items.stop != NULL and items.p != items.stop:
                return -1
            items.p = read_long(items.p, items.end, &items.left)
            if items.p == NULL:
                return -1
            if items.left == 0:
                return 0
            items.stop = NULL
            if items.left < 0:
                if items.left < -(items.end - items.p):
                    return -1
                items.left = -items.left
                items.p = read_size(items.p, items.end, &size)
                if items.p == NULL:
                    return -1
                items.stop = items.p + size
            if items.left > items.end - items.p:
                return -1
        for i in range(node.b):
            self.slots[self.numbers[node.a + i]].holds = NONE
        items.p = self.read(self.inner[node.inner], items.p, items.end, depth)
        if items.p == NULL:
            return -1
        items.left -= 1
        return 1

    cdef const uint8_t* read_map(
        self, Node* node, Slot* slot, const uint8_t* p, const uint8_t* end, int depth
    ) noexcept nogil:
        """The blocks of a map; one of many entries is in doubt, for no key may come twice."""
        cdef Text keys[MOST_GROUPS]
        cdef int known = 0
        cdef int i
        cdef int64_t count = 0
        cdef int64_t size = 0
        cdef const uint8_t* stop
        if depth > DEEPEST:
            return NULL
        while True:
            p = read_long(p, end, &count)
            if p == NULL:
                return NULL
            if count == 0:
                break
            stop = NULL
            if count < 0:
                if count < -(end - p):
                    return NULL
                count = -count
                p = read_size(p, end, &size)
                if p == NULL:
                    return NULL
                stop = p + size
            if count > MOST_GROUPS - known:
                return NULL
            while count > 0:
                p = read_size(p, end, &size)
                if p == NULL or not is_utf8(p, size):
                    return NULL
                for i in range(known):
                    if keys[i].size == size and memcmp(keys[i].p, p, size) == 0:
                        return NULL
                keys[known].p, keys[known].size = p, size
                known += 1
                p = self.read(self.inner[node.inner], p + size, end, depth + 1)
                if p == NULL:
                    return NULL
                count -= 1
            if stop != NULL and p != stop:
                return NULL
        if slot != NULL:
            slot.holds = OTHER
        return p


cdef object one_of(dict made, type cls, source):
    """What was made of a table or an automaton, or is made now; `made` keeps both, so that no identity comes again."""
    known = made.get(id(source))
    if known is None:
        known = made[id(source)] = source, cls(source)
    return known[1]


cdef inline void begin(Items* items, int node, const uint8_t* p, const uint8_t* end) noexcept nogil:
    """Stand before the first item of a list."""
    items.p, items.end, items.node, items.left, items.stop = p, end, node, 0, NULL


cdef inline double little_double(const uint8_t* p) noexcept nogil:
    cdef uint64_t bits = 0
    cdef double value
    cdef int i
    for i in range(8):
        bits |= <uint64_t>p[i] << (8 * i)
    memcpy(&value, &bits, 8)
    return value


cdef inline double little_float(const uint8_t* p) noexcept nogil:
    cdef uint32_t bits = 0
    cdef float value
    cdef int i
    for i in range(4):
        bits |= <uint32_t>p[i] << (8 * i)
    memcpy(&value, &bits, 4)
    return value
