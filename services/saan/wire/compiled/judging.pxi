# The instructions of `program.Op`. Each answers whether the record passes; whatever is unusual does not.

cdef inline bint whole(const Slot* slot) noexcept nogil:
    return slot.holds == WHOLE


cdef inline bint exact_number(const Slot* slot, int places, double* number) noexcept nogil:
    """A number as floating point, if that is exactly what the reference computes with; a decimal is scaled."""
    cdef int64_t unscaled
    cdef int64_t i
    if places >= 0:
        if slot.holds != RAW or slot.n > 6:
            return False
        unscaled = -1 if slot.n > 0 and slot.p[0] & 0x80 else 0
        for i in range(slot.n):
            unscaled = unscaled * 256 + slot.p[i]
        number[0] = <double>unscaled / POWERS[places]
        return True
    if slot.holds == REAL:
        number[0] = slot.real
        return True
    if slot.holds == WHOLE and -EXACT <= slot.n <= EXACT:
        number[0] = <double>slot.n
        return True
    return False


cdef inline bint same(const Slot* one, const Slot* other) noexcept nogil:
    """Whether two texts or two whole numbers are the same."""
    if one.holds == WHOLE:
        return one.n == other.n
    return one.n == other.n and memcmp(one.p, other.p, one.n) == 0


cdef inline bint comparable(const Slot* one, const Slot* other) noexcept nogil:
    return one.holds == other.holds and (one.holds == TEXT or one.holds == WHOLE)


cdef inline bint is_text(const Slot* slot, const Text* text) noexcept nogil:
    return slot.holds == TEXT and slot.n == text.size and memcmp(slot.p, text.p, text.size) == 0


cdef inline bint is_empty(const Slot* slot) noexcept nogil:
    return slot.holds == NONE or (slot.holds == TEXT and slot.n == 0)


cdef struct Date:
    int64_t year
    int month
    int day


cdef inline bint to_date(int64_t day, Date* date) noexcept nogil:
    """The date of a day since 1970-01-01; only within the years 1 to 9999."""
    # https://howardhinnant.github.io/date_algorithms.html#civil_from_days
    cdef int64_t era, of_era, year, of_year, shifted
    if day < -719162 or day > 2932896:
        return False
    day += 719468
    era = day // 146097
    of_era = day - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    date.day = of_year - (153 * shifted + 2) // 5 + 1
    date.month = shifted + 3 if shifted < 10 else shifted - 9
    date.year = year + era * 400 + (date.month <= 2)
    return True


cdef inline int64_t to_day(int64_t year, int month, int day) noexcept nogil:
    """Days since 1970-01-01 of a date from the year 1 on."""
    cdef int64_t era, of_era, of_year
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


cdef inline int age(const Slot* birth, const Slot* on, int64_t* years) noexcept nogil:
    """Full years from one day to another: 1; 0 when there is no such age; -1 when they are no days."""
    cdef Date born, day
    if birth.holds == NONE or on.holds == NONE:
        return 0
    if not whole(birth) or not whole(on):
        return -1
    if not to_date(birth.n, &born) or not to_date(on.n, &day):
        return 0
    years[0] = day.year - born.year - (day.month < born.month or (day.month == born.month and day.day < born.day))
    return 1


cdef inline bint citizen_id(const uint8_t* p, int64_t size) noexcept nogil:
    """`core.identity.citizen_id_ok`"""
    cdef int i
    cdef int total = 0
    if size != 13:
        return False
    for i in range(13):
        if p[i] < 48 or p[i] > 57:
            return False
        if i < 12:
            total += (13 - i) * (p[i] - 48)
    return (11 - total % 11) % 10 == p[12] - 48


cdef inline bint active(const int64_t* row, const Slot* on) noexcept nogil:
    """Whether an organisation is active on the day, or there is no day."""
    if on.holds == NONE:
        return True
    return whole(on) and row[FROM] <= on.n and (on.n < row[TO] or row[TO] == LAST)


cdef inline bint code_on(const Lookup* table, const Slot* code, const Slot* on) noexcept nogil:
    cdef int64_t value = 0
    if code.holds != TEXT or (on.holds != NONE and on.holds != WHOLE):
        return False
    return find(table, code.p, code.n, &value) and in_force(table, value, on.n, on.holds == WHOLE)


cdef int skipped(Machine m, const Instruction* i) noexcept nogil:
    """How many instructions are left out behind a condition."""
    cdef Slot* a = &m.slots[i.a]
    cdef int64_t value = 0
    if i.op == O_IF_TEXT:
        return 0 if is_text(a, &m.texts[i.b]) else i.c
    if i.op == O_IF_GIVEN:
        return i.c if is_empty(a) else 0
    if a.holds == NONE:
        return 0 if i.d else i.c
    if a.holds != TEXT or find(m.tables[i.b], a.p, a.n, &value):
        return 0
    return i.c


cdef bint judge(Machine m, int at, int end, int64_t received) noexcept nogil:
    """Whether the instructions from `at` to before `end` let the record pass."""
    cdef const Instruction* i
    cdef Items items
    cdef Slot* a
    cdef int found
    while at < end:
        i = &m.code[at]
        at += 1
        if i.op == O_IF_TEXT or i.op == O_IF_GIVEN or i.op == O_IF_IN:
            at += skipped(m, i)
        elif i.op == O_EACH:
            a = &m.slots[i.a]
            if a.holds == LIST:
                begin(&items, a.node, a.p, a.end)
                found = m.following(&items, 0)
                while found > 0:
                    if not judge(m, at, at + i.c, received):
                        return False
                    found = m.following(&items, 0)
                if found < 0:
                    return False
            elif a.holds != NONE:
                return False
            at += i.c
        elif not passes(m, i, received):
            return False
    return True


cdef bint passes(Machine m, const Instruction* i, int64_t received) noexcept nogil:
    """Whether one instruction about single values lets the record pass."""
    cdef Slot* a = &m.slots[i.a]
    cdef Slot* b
    cdef int64_t value = 0
    cdef double number = 0
    if i.op == O_GIVEN:
        return not is_empty(a)
    if i.op == O_SOME:
        return some(m, i)
    if i.op == O_SUM:
        return adds_up(m, i)
    if i.op == O_NEST:
        return nests(m, i)
    if i.op == O_CODE_TEN:
        return code_ten(m, i)
    if a.holds == NONE:
        return True
    if i.op == O_ABSENT:
        return False
    if i.op == O_MATCH:
        if a.holds != TEXT or not accepts(m.automata[i.b], a.p, a.n):
            return False
        if i.x == 0 and a.n <= i.y:
            return True
        return i.x <= characters(a.p, a.n) <= i.y
    if i.op == O_RANGE:
        if i.b < 0 and a.holds == WHOLE:
            return i.x <= a.n <= i.y
        return exact_number(a, i.b, &number) and i.u <= number <= i.v
    if i.op == O_CODE:
        if a.holds == LIST:
            return i.d and codes(m, a, m.tables[i.b], &m.slots[i.c])
        return code_on(m.tables[i.b], a, &m.slots[i.c])
    if i.op == O_NOT_TEXT:
        return a.holds != TEXT or not is_text(a, &m.texts[i.b])
    if i.op == O_SCHOOL or i.op == O_ORGANISATION:
        return organisation(m, i, a)
    if i.op == O_CITIZEN:
        return a.holds == TEXT and citizen_id(a.p, a.n)
    if i.op == O_TODAY:
        return whole(a) and -FAR < a.n < FAR and -FAR < i.x < FAR and a.n - i.x <= (received + BANGKOK) // DAY
    if i.op == O_SCHOOL_DAY:
        return whole(a) and 0 <= a.n < FAR and (a.n + 3) % 7 < 5
    if i.op == O_UNIQUE:
        return a.holds == LIST and unique(m, a, i.b)
    if i.op == O_SUMS_TO:
        return a.holds == LIST and sums_to(m, i, a)
    if i.op == O_COUNT:
        return a.holds == LIST and i.x <= a.n <= i.y
    if i.op == O_WINDOW:
        return in_time(m, i, a, received)
    if i.op == O_ROUND_OVER:
        return round_over(m, i, a, received)
    if i.op == O_PREFIX:
        return prefix(m, i, a)
    if i.op == O_AGE:
        return age_grade(m, i, a)
    if i.op == O_RETIRE:
        return retirement(i, a, &m.slots[i.b])
    if i.op == O_STEP:
        return exact_number(a, i.b, &number) and -1e15 < number / i.u < 1e15 and (
            fabs(number / i.u - rint(number / i.u)) <= 1e-9
        )
    if i.op == O_ALLOWED:
        return allowed(m, i, a)
    if i.op == O_CODE_STEP:
        return code_step(m, i, a)
    if i.op == O_ONE_OF:
        return one_of_others(m, i, a)
    b = &m.slots[i.b]
    if i.op == O_CODE_BY:
        if b.holds == NONE:
            return True
        if b.holds != TEXT:
            return False
        return not find(m.tables[i.c], b.p, b.n, &value) or code_on(m.tables[value], a, &m.slots[i.d])
    if b.holds == NONE:
        return True
    if i.op == O_ORDER:
        return whole(a) and whole(b) and -FAR < a.n < FAR and -FAR < b.n < FAR and i.x <= b.n - a.n <= i.y
    if i.op == O_DISTANCE:
        return whole(a) and whole(b) and -FAR < a.n < FAR and -FAR < b.n < FAR and b.n - a.n == i.x
    if i.op == O_DIFFER:
        return comparable(a, b) and not same(a, b)
    if i.op == O_AT_MOST:
        return at_most(i, a, b)
    if i.op == O_BAND:
        return band(m, i, a, b)
    if i.op == O_G_YEAR:
        return a.holds == TEXT and a.n > 2 and whole(b) and 2500 + 10 * (a.p[1] - 48) + a.p[2] - 48 <= b.n
    if i.op == O_FISCAL:
        return fiscal(a, b)
    return False


cdef bint some(Machine m, const Instruction* i) noexcept nogil:
    cdef int at
    for at in range(i.b):
        if not is_empty(&m.slots[m.numbers[i.a + at]]):
            return True
    return False


cdef bint adds_up(Machine m, const Instruction* i) noexcept nogil:
    """Only whole numbers below the largest exact one, and what is scaled or real far from the tolerance."""
    cdef int at
    cdef bint given = False
    cdef double total = 0
    cdef double number = 0
    cdef Slot* slot
    for at in range(i.b):
        slot = &m.slots[m.numbers[i.a + 2 * at]]
        if slot.holds != NONE:
            if not exact_number(slot, <int>m.numbers[i.a + 2 * at + 1], &number) or not -1e6 < number < 1e6:
                return False
            total += number
            given = True
    return not given or fabs(total - i.u) <= 0.9e-6


cdef bint nests(Machine m, const Instruction* i) noexcept nogil:
    cdef int at
    cdef Slot* slot
    cdef Slot* larger = NULL
    for at in range(i.b):
        slot = &m.slots[m.numbers[i.a + 2 * at]]
        if slot.holds == NONE:
            continue
        if not code_on(m.tables[m.numbers[i.a + 2 * at + 1]], slot, &m.slots[i.c]):
            return False
        if larger != NULL and (slot.n < larger.n or memcmp(slot.p, larger.p, larger.n) != 0):
            return False
        larger = slot
    return True


cdef bint code_ten(Machine m, const Instruction* i) noexcept nogil:
    cdef Slot* province = &m.slots[i.a]
    cdef Slot* code = &m.slots[i.b]
    cdef Slot* school = &m.slots[i.c]
    cdef const Lookup* register = m.tables[i.x]
    cdef int64_t row = 0
    if code.holds == NONE:
        return True
    if code.holds != TEXT or code.n < 4 or (code.p[0] | code.p[1] | code.p[2] | code.p[3]) & 0x80:
        return False
    if province.holds != NONE:
        if province.holds != TEXT or province.n != 2 or memcmp(province.p, code.p + 2, 2) != 0:
            return False
    if school.holds == NONE:
        return True
    if school.holds != TEXT:
        return False
    if not find(register, school.p, school.n, &row) or register.cells[row + CODE_OF] < 0:
        return True
    return is_word(register, register.cells[row + CODE_OF], code.p, code.n)


cdef bint organisation(Machine m, const Instruction* i, const Slot* a) noexcept nogil:
    """The organisation, its kind and whether it is active; then its levels, or its province."""
    cdef const Lookup* register = m.tables[i.x]
    cdef const int64_t* row
    cdef int64_t at = 0
    cdef int64_t level = 0
    cdef Slot* b = &m.slots[i.b]
    if a.holds != TEXT or not find(register, a.p, a.n, &at):
        return False
    row = &register.cells[at]
    if not (i.y >> row[KIND]) & 1 or not active(row, &m.slots[i.c]):
        return False
    if b.holds == NONE:
        return True
    if b.holds != TEXT:
        return False
    if i.op == O_SCHOOL:
        return row[LEVELS] == 0 or (find(m.tables[i.d], b.p, b.n, &level) and (row[LEVELS] >> level) & 1)
    return row[PROVINCE] < 0 or is_word(register, row[PROVINCE], b.p, b.n)


cdef bint codes(Machine m, const Slot* a, const Lookup* table, const Slot* on) noexcept nogil:
    cdef Items items
    cdef int found
    cdef Slot* item = m.item(a)
    if item == NULL:
        return False
    begin(&items, a.node, a.p, a.end)
    found = m.following(&items, 0)
    while found > 0:
        if not code_on(table, item, on):
            return False
        found = m.following(&items, 0)
    return found == 0


cdef bint unique(Machine m, const Slot* a, int by) noexcept nogil:
    cdef Slot seen[MOST_ITEMS]
    cdef int count = 0
    cdef int nothing = 0
    cdef int found, at
    cdef Items items
    cdef Slot* slot = &m.slots[by]
    if a.n > MOST_ITEMS:
        return False
    begin(&items, a.node, a.p, a.end)
    found = m.following(&items, 0)
    while found > 0:
        if slot.holds == NONE:
            nothing += 1
        elif slot.holds != TEXT and slot.holds != WHOLE:
            return False
        else:
            for at in range(count):
                if not comparable(&seen[at], slot) or same(&seen[at], slot):
                    return False
            seen[count] = slot[0]
            count += 1
        found = m.following(&items, 0)
    return found == 0 and nothing < 2


cdef bint sums_to(Machine m, const Instruction* i, const Slot* a) noexcept nogil:
    """Sums in the order of the items, as the reference adds them."""
    cdef Slot groups[MOST_GROUPS]
    cdef double sums[MOST_GROUPS]
    cdef double number
    cdef int count = 0
    cdef int found, at
    cdef Items items
    cdef Slot* by = &m.slots[i.b]
    cdef Slot* per = &m.slots[i.c]
    begin(&items, a.node, a.p, a.end)
    found = m.following(&items, 0)
    while found > 0:
        number = 0
        if by.holds != NONE and (not exact_number(by, -1, &number) or not -1e9 < number < 1e9):
            return False
        if per.holds != NONE and per.holds != TEXT and per.holds != WHOLE:
            return False
        at = 0
        while at < count and not (groups[at].holds == per.holds and (per.holds == NONE or same(&groups[at], per))):
            at += 1
        if at == count:
            if count == MOST_GROUPS or (at > 0 and per.holds != groups[0].holds):
                return False
            groups[at] = per[0]
            sums[at] = 0
            count += 1
        sums[at] += number
        found = m.following(&items, 0)
    for at in range(count):
        if not i.u - 1e-9 <= sums[at] <= i.v + 1e-9:
            return False
    return found == 0


cdef bint in_time(Machine m, const Instruction* i, const Slot* day, int64_t received) noexcept nogil:
    cdef int at
    cdef const int64_t* window
    cdef bint late = False
    if not whole(day):
        return False
    for at in range(i.c):
        window = &m.numbers[i.b + 3 * at]
        if window[0] <= received < window[1]:
            return True
        if window[1] <= received and day.n <= window[2]:
            late = True
    return not late


cdef bint round_over(Machine m, const Instruction* i, const Slot* year, int64_t received) noexcept nogil:
    cdef int at
    if not whole(year):
        return False
    for at in range(i.c):
        if m.numbers[i.b + 2 * at] == year.n:
            return m.numbers[i.b + 2 * at + 1] <= received
    return True


cdef bint prefix(Machine m, const Instruction* i, const Slot* a) noexcept nogil:
    cdef const Lookup* table = m.tables[i.x]
    cdef int64_t value = 0
    cdef int64_t years = 0
    cdef Slot* gender = &m.slots[i.b]
    cdef Slot* birth = &m.slots[i.c]
    cdef Slot* on = &m.slots[i.d]
    cdef int known
    if a.holds != TEXT:
        return False
    if not find(table, a.p, a.n, &value):
        return True
    if gender.holds != NONE and (gender.holds != TEXT or not is_word(table, value >> 1, gender.p, gender.n)):
        return False
    known = age(birth, on, &years)
    return known == 0 or (known > 0 and (years < 15) == (value & 1))


cdef bint age_grade(Machine m, const Instruction* i, const Slot* birth) noexcept nogil:
    cdef Slot* grade = &m.slots[i.b]
    cdef Slot* on = &m.slots[i.c]
    cdef int64_t years = 0
    cdef int64_t usual = 0
    cdef int known = age(birth, on, &years)
    if known <= 0:
        return known == 0
    if not i.x <= years <= i.y:
        return False
    if grade.holds == NONE:
        return True
    if grade.holds != TEXT:
        return False
    return not find(m.tables[i.d], grade.p, grade.n, &usual) or fabs(<double>(years - usual)) <= i.u


cdef bint retirement(const Instruction* i, const Slot* day, const Slot* birth) noexcept nogil:
    cdef Date leaves, born
    if not whole(day) or not to_date(day.n, &leaves) or leaves.month != 9 or leaves.day != 30:
        return False
    if birth.holds == NONE:
        return True
    if not whole(birth) or not to_date(birth.n, &born) or not 0 <= i.x <= 200 or born.year + i.x > 9000:
        return False
    return day.n == to_day(born.year + i.x + (born.month > 10 or (born.month == 10 and born.day > 1)), 9, 30)


cdef bint allowed(Machine m, const Instruction* i, const Slot* a) noexcept nogil:
    """A list of values or of deciding values is walked; a deciding value that is not in the table allows all."""
    cdef int64_t sets[MOST_GROUPS]
    cdef int count = 0
    cdef int found
    cdef int64_t value = 0
    cdef Items items
    cdef Slot* b = &m.slots[i.b]
    cdef Slot* item
    if b.holds == NONE:
        return True
    if b.holds == TEXT:
        if not find(m.tables[i.c], b.p, b.n, &value):
            return True
        sets[0] = value
        count = 1
    elif b.holds == LIST and (item := m.item(b)) != NULL:
        begin(&items, b.node, b.p, b.end)
        found = m.following(&items, 0)
        while found > 0:
            if item.holds != TEXT or count == MOST_GROUPS:
                return False
            if not find(m.tables[i.c], item.p, item.n, &value):
                return True
            sets[count] = value
            count += 1
            found = m.following(&items, 0)
        if found < 0:
            return False
        if count == 0:
            return True
    else:
        return False
    if a.holds == TEXT:
        return in_one(m, sets, count, a)
    if a.holds != LIST or (item := m.item(a)) == NULL:
        return False
    begin(&items, a.node, a.p, a.end)
    found = m.following(&items, 0)
    while found > 0:
        if item.holds != TEXT or not in_one(m, sets, count, item):
            return False
        found = m.following(&items, 0)
    return found == 0


cdef bint in_one(Machine m, const int64_t* sets, int count, const Slot* text) noexcept nogil:
    cdef int at
    cdef int64_t value = 0
    for at in range(count):
        if find(m.tables[sets[at]], text.p, text.n, &value):
            return True
    return False


cdef bint code_step(Machine m, const Instruction* i, const Slot* before) noexcept nogil:
    cdef Slot* after = &m.slots[i.b]
    cdef Slot* by = &m.slots[i.d]
    cdef const Lookup* steps = m.tables[i.x]
    cdef int64_t start = 0
    cdef int64_t end = 0
    cdef int64_t value = 0
    cdef int64_t at
    if after.holds == NONE or by.holds == NONE:
        return True
    if before.holds != TEXT or after.holds != TEXT or by.holds != TEXT:
        return False
    if not find(m.tables[i.c], before.p, before.n, &start) or not find(m.tables[i.c], after.p, after.n, &end):
        return True
    if not find(steps, by.p, by.n, &value):
        return True
    for at in range(value >> 8, (value >> 8) + (value & 255)):
        if at < steps.cell_count and steps.cells[at] == end - start:
            return True
    return False


cdef bint one_of_others(Machine m, const Instruction* i, const Slot* a) noexcept nogil:
    cdef int at
    cdef Slot* other
    for at in range(i.c):
        other = &m.slots[m.numbers[i.b + at]]
        if comparable(a, other) and same(a, other):
            return True
    return False


cdef bint at_most(const Instruction* i, const Slot* a, const Slot* b) noexcept nogil:
    cdef double one = 0
    cdef double other = 0
    if a.holds == LIST:
        return whole(b) and a.n <= b.n
    if i.c < 0 and i.d < 0 and whole(a) and whole(b):
        return a.n <= b.n
    return exact_number(a, i.c, &one) and exact_number(b, i.d, &other) and one <= other


cdef bint band(Machine m, const Instruction* i, const Slot* score, const Slot* grade) noexcept nogil:
    cdef const Lookup* table = m.tables[i.c]
    cdef int64_t at = 0
    cdef double points = 0
    if grade.holds != TEXT:
        return False
    if not find(table, grade.p, grade.n, &at):
        return True
    return exact_number(score, i.d, &points) and table.cells[at] <= points < table.cells[at + 1]


cdef bint fiscal(const Slot* year, const Slot* on) noexcept nogil:
    cdef Date date
    return whole(year) and whole(on) and to_date(on.n, &date) and year.n == date.year + 543 + (date.month >= 10)
