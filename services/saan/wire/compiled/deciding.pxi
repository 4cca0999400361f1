# Whole records: envelope, schema, mandate, rules and subject.

cdef int64_t SKEW = 0  # `core.validate.CLOCK_SKEW`, set by the engine


cdef class Kind:
    """An event type in one state of governance.

    `prepare(id)` gives the machine and the version of a schema; nothing (`()`) where there can be none, `None` where that
    is not known yet.
    """

    cdef object event
    cdef str name
    cdef bytes data_class
    cdef object prepare
    cdef dict machines

    def __init__(self, event, prepare):
        self.event, self.name, self.data_class = event, event.name, event.data_class.encode()
        self.prepare, self.machines = prepare, {}

    cdef tuple machine(self, object id):
        known = self.machines.get(id)
        if known is None:
            known = self.prepare(id)
            if known is None:
                return None
            self.machines[id] = known
        return <tuple>known


cdef class Publisher:
    """Who may publish what, and for whom. `mandate(school)` gives the spans of days on which it speaks for a school."""

    cdef bytes source
    cdef frozenset kinds
    cdef Table purposes
    cdef object mandate
    cdef dict mandates

    def __init__(self, str source, kinds, purposes, mandate):
        self.source, self.kinds, self.purposes, self.mandate = source.encode(), frozenset(kinds), Table(purposes), mandate
        self.mandates = {}

    cdef bint speaks_for(self, const Slot* school, int64_t day):
        cdef int64_t start, end
        if school.holds != TEXT:
            return False
        name = PyBytes_FromStringAndSize(<const char*>school.p, school.n)
        spans = self.mandates.get(name)
        if spans is None:
            spans = self.mandate(name)
            if spans is None:
                return False
            self.mandates[name] = spans
        for start, end in <tuple>spans:
            if start <= day < end:
                return True
        return False

    cdef bint has_purposes(self, const Text* stated) noexcept nogil:
        """Whether all purposes of a list with commas are the publisher's; spaces around them do not count."""
        cdef Py_ssize_t start = 0
        cdef Py_ssize_t stop, next
        cdef int64_t value = 0
        if stated.size == 0:
            return True
        while start <= stated.size:
            next = start
            while next < stated.size and stated.p[next] != b",":
                next += 1
            stop = next
            while start < stop and stated.p[start] == b" ":
                start += 1
            while stop > start and stated.p[stop - 1] == b" ":
                stop -= 1
            if not find(&self.purposes.data, stated.p + start, stop - start, &value):
                return False
            start = next + 1
        return True


cdef class Decider:
    """Decides records in one state of governance, by event types and publishers by name."""

    cdef dict kinds
    cdef dict publishers
    cdef bint production
    cdef Py_ssize_t most
    cdef bytes key
    cdef object pseudonym_of

    def __init__(self, dict kinds, dict publishers, *, bint production, Py_ssize_t max_bytes, bytes key):
        self.kinds, self.publishers, self.production, self.most, self.key = kinds, publishers, production, max_bytes, key
        self.pseudonym_of = hmac.digest

    def decide(self, headers, bytes value, str publisher, int64_t received):
        """The event type and the subject of a record that is certainly good; ``None`` when it is in doubt."""
        cdef Attributes a
        cdef Kind kind
        cdef Publisher known
        cdef Machine machine
        cdef const uint8_t* p = <const uint8_t*>PyBytes_AS_STRING(value)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(value)
        if type(headers) is not dict or not 5 <= size <= self.most or p[0] != 0 or received < 0 or received > FAR:
            return None
        if not gather(<dict>headers, &a) or not has_form(&a, received, self.production):
            return None
        kind = self.kinds.get((<dict>headers)["ce_type"])
        known = self.publishers.get(publisher)
        if kind is None or known is None or kind.name not in known.kinds:
            return None
        if not equals(&a.of[A_SOURCE], PyBytes_AS_STRING(known.source), PyBytes_GET_SIZE(known.source)):
            return None
        if "ce_dataclass" in <dict>headers:
            if not equals(&a.of[A_CLASS], PyBytes_AS_STRING(kind.data_class), PyBytes_GET_SIZE(kind.data_class)):
                return None
        if not known.has_purposes(&a.of[A_PURPOSE]):
            return None
        found = kind.machine(<int64_t>p[1] << 24 | <int64_t>p[2] << 16 | <int64_t>p[3] << 8 | p[4])
        if not found or not is_version(&a.of[A_SCHEMA_VERSION], <int64_t>found[1]):
            return None
        machine = <Machine>found[0]
        if not machine.run(p + 5, size - 5, received):
            return None
        if machine.school >= 0 and not known.speaks_for(&machine.slots[machine.school], day_of(a.time)):
            return None
        subject = self.learner(machine) if machine.learner else plain_subject(machine)
        if subject is None or not fits(&a.of[A_SUBJECT], machine, subject):
            return None
        return kind.event, subject

    cdef object learner(self, Machine machine):
        """The pseudonym of a learner: `core.identity.pseudonym`."""
        cdef Slot* kind = &machine.slots[machine.subject[0]]
        cdef Slot* number = &machine.slots[machine.subject[1]]
        cdef uint8_t canonical[256]
        cdef Py_ssize_t size, at
        cdef uint8_t c
        if machine.subject_count != 2 or kind.holds != TEXT or number.holds != TEXT or kind.n == 0 or number.n == 0:
            return None
        if kind.n + number.n > 250:
            return None
        if kind.n == 11 and memcmp(kind.p, <const char*>b"SUBJECT_UID", 11) == 0:
            return text_of(number.p, number.n) if is_pseudonym(number.p, number.n) else None
        memcpy(canonical, kind.p, kind.n)
        canonical[kind.n] = b":"
        size = kind.n + 1
        for at in range(number.n):
            c = number.p[at]
            if c == b" " or c == b"-" or c == b".":
                continue
            if c <= 0x20 or c >= 0x7F:
                return None
            canonical[size] = c - 32 if 97 <= c <= 122 else c
            size += 1
        digest = self.pseudonym_of(self.key, PyBytes_FromStringAndSize(<char*>canonical, size), "sha256")
        return "st-" + (<bytes>digest)[:10].hex()


cdef object text_of(const uint8_t* p, Py_ssize_t size):
    return PyUnicode_DecodeUTF8(<const char*>p, size, NULL)


cdef object plain_subject(Machine machine):
    """The values of the subject's fields with slashes between them, where they tell nobody's number."""
    cdef uint8_t joined[201]
    cdef Py_ssize_t size = 0
    cdef Py_ssize_t at
    cdef int i
    cdef Slot* slot
    cdef const uint8_t* p
    for i in range(machine.subject_count):
        slot = &machine.slots[machine.subject[i]]
        if slot.holds == WHOLE:
            number = str(slot.n).encode()
            p, at = <const uint8_t*>PyBytes_AS_STRING(number), PyBytes_GET_SIZE(number)
        elif slot.holds == TEXT and slot.n > 0:
            p, at = slot.p, slot.n
        else:
            return None
        if size + at + 1 > 200:
            return None
        if i > 0:
            joined[size] = b"/"
            size += 1
        memcpy(joined + size, p, at)
        size += at
    for at in range(size):
        if joined[at] < 0x20 or joined[at] == 0x7F:
            return None
    return None if size == 0 or tells_citizen_id(joined, size, False) else text_of(joined, size)


cdef bint is_pseudonym(const uint8_t* p, Py_ssize_t size) noexcept nogil:
    """`core.identity.is_pseudonym`"""
    cdef Py_ssize_t at
    if size != 23 or p[2] != b"-" or not ((p[0] == b"s" and p[1] == b"t") or (p[0] == b"t" and p[1] == b"c")):
        return False
    for at in range(3, 23):
        if not is_hex(p[at], False):
            return False
    return True


cdef bint fits(const Text* given, Machine machine, str subject):
    """Whether the subject that a publisher gave is no objection."""
    if given.size == 0 or is_pseudonym(given.p, given.size):
        return True
    return not machine.learner and text_of(given.p, given.size) == subject


cdef bint is_version(const Text* stated, int64_t version) noexcept nogil:
    """Whether the version that is stated, if any, is this one."""
    cdef int64_t number = 0
    cdef Py_ssize_t at
    for at in range(stated.size):
        number = number * 10 + stated.p[at] - 48
    return stated.size == 0 or number == version


cdef inline int64_t day_of(int64_t micros) noexcept nogil:
    """`core.calendar.day_of`, also before 1970."""
    cdef int64_t shifted = micros + BANGKOK
    return shifted // DAY - (shifted % DAY < 0)


def set_skew(int64_t micros):
    """How far a publisher's clock may be ahead."""
    global SKEW
    SKEW = micros
