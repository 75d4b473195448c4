#!/usr/bin/env python3
"""twin.py CLONEWATCH [--molecules N] [--seed S] [--keep DIR] - the counting rules a second time, by brute force, in another language.

Writes random small alignments (all CIGAR shapes, mates, adapter, clips at breakpoints, poor bases), counts them with clonewatch and with the
twin below, and compares the class of every molecule at every locus, and whether it lies near an end of its reads. The twin works on whole strings and dictionaries, one base a step, and finds
equivalent placements by trying all of them. It follows docs/counting-rules.md.
"""
import argparse, pathlib, random, subprocess, sys, tempfile

MASK = (1 << 64) - 1
REF, OTHER, LOWQ, UNINF, DISC = "ref", "other", "low_quality", "uninformative", "discordant"


def name_hash(name):
    """The hash that --molecules prints (docs/commands/count.md)."""
    k1, k2 = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03

    def mix(a, b):
        p = a * b
        return (p ^ (p >> 64)) & MASK
    data = name.encode()
    word = lambda b: int.from_bytes(b, "little")
    h, g = len(data) ^ k1, k2
    while len(data) >= 16:
        h, g = mix(h ^ word(data[:8]), k1), mix(g ^ word(data[8:16]), k2)
        data = data[16:]
    h = mix(mix(h ^ word(data[:8]), k1) ^ mix(g ^ word(data[8:]), k2), k1)
    return h or 1


# ---------------------------------------------------------------- alleles

class Change:
    """A bare change: [beg,end) of the contig becomes ins; leftmost placement, and how far right it can go."""

    def __init__(self, contig, pos, ref, alt):
        while len(ref) and len(alt) and ref[-1] == alt[-1] and not (len(ref) == 1 and len(alt) == 1):
            ref, alt = ref[:-1], alt[:-1]
        k = 0
        while k < len(ref) and k < len(alt) and ref[k] == alt[k]:
            k += 1
        self.beg, self.end, self.ins = pos + k, pos + len(ref), alt[k:]
        self.dels = self.end - self.beg
        self.subst = self.dels == len(self.ins)
        self.hap = contig[:self.beg] + self.ins + contig[self.end:]
        self.shift = 0
        if not self.subst and not (self.dels and self.ins):
            places = []
            for p in range(0, len(contig) - self.dels + 1):
                got = contig[:p] + self.hap[p:p + len(self.ins)] + contig[p + self.dels:]
                if got == self.hap:
                    places.append(p)
            here = self.beg
            lo = hi = here  # the run of placements around the one given
            while lo - 1 in places: lo -= 1
            while hi + 1 in places: hi += 1
            self.beg, self.end, self.shift = lo, lo + self.dels, hi - lo
            self.ins = self.hap[lo:lo + len(self.ins)]
        self.left, self.right = self.beg - 1, self.end + self.shift
        self.decide = self.beg + self.shift + 1
        self.net = len(self.ins) - self.dels

    def span(self):
        return (self.beg, self.end + self.shift)

    def meets(self, o):
        (a, b), (c, d) = self.span(), o.span()
        if a == b and c == d: return a == c
        if a == b: return c < a < d
        if c == d: return a < c < b
        return a < d and c < b

    def contains(self, o):
        if self.subst and not o.subst: return False
        if not any(self.beg <= o.beg + k and o.end + k <= self.end for k in range(o.shift + 1)): return False
        return self.dels > o.dels or (self.dels == o.dels and len(self.ins) > len(o.ins))


# ---------------------------------------------------------------- reads

class Read:
    def __init__(self, name, flag, pos, cigar, seq, qual, tlen, paired_here):
        self.name, self.flag, self.pos, self.cigar, self.seq, self.qual, self.tlen = name, flag, pos, cigar, seq, qual, tlen
        self.at, self.gone, self.skipped, self.gaps = {}, set(), set(), []
        r, q = pos, 0
        for op, n in cigar:
            if op in "M=X":
                for i in range(n): self.at[r + i] = q + i
                r += n; q += n
            elif op == "I":
                self.gaps.append((r, r)); q += n
            elif op == "D":
                self.gone.update(range(r, r + n)); self.gaps.append((r, r + n)); r += n
            elif op == "N":
                self.skipped.update(range(r, r + n)); r += n
            elif op == "S": q += n
        self.end = r
        self.frm, self.to, self.frag_beg, self.frag_end = pos, r, -10**9, 10**9
        inward = paired_here and bool(flag & 16) != bool(flag & 32) and not flag & 8
        if inward and not flag & 16 and tlen > 0:
            self.frag_end = pos + tlen
            self.to = min(self.to, self.frag_end)
        if inward and flag & 16 and tlen < 0:
            self.frag_beg = r + tlen
            self.frm = max(self.frm, self.frag_beg)
        # where the clipped bases would lie if the alignment went on; an alignment that ends in a gap does not
        self.clip = {}
        ops = [(o, n) for o, n in cigar if n and o not in "HP"]
        if len(ops) > 1 and ops[0][0] == "S" and ops[1][0] in "M=X" and self.frm == pos:
            self.clip.update((pos - ops[0][1] + i, i) for i in range(ops[0][1]))
        if len(ops) > 1 and ops[-1][0] == "S" and ops[-2][0] in "M=X" and self.to == r:
            self.clip.update((r + i, len(seq) - ops[-1][1] + i) for i in range(ops[-1][1]))
        # of them, those that cannot be adapter: at the 5' end, or inside a fragment whose end the pair tells
        back = bool(flag & 16)
        told = self.frag_beg > -10**9 if back else self.frag_end < 10**9
        three = lambda p: p < pos if back else p >= r
        self.sure = {p: q for p, q in self.clip.items() if not three(p) or (told and self.frag_beg <= p < self.frag_end)}
        soft = [n if op == "S" else 0 for op, n in cigar if op != "H"]
        self.lead, self.trail = soft[0], soft[-1] if len(soft) > 1 else 0
        # bases that are neither clipped nor adapter
        self.first = self.lead if self.frm == pos else self.bases_before(self.frm)
        self.last = len(seq) - self.trail if self.to == self.end else self.bases_before(self.to)

    def bases_before(self, p):
        """Bases of the read until its alignment reaches the position."""
        r, q = self.pos, 0
        for op, n in self.cigar:
            for _ in range(n):
                if r >= p: return q
                q += op in "MIS=X"
                r += op in "MDN=X"
        return q

    def where(self, p):
        """Query index, or 'D', 'N', None."""
        if not self.frm <= p < self.to: return None
        if p in self.at: return self.at[p]
        return "D" if p in self.gone else "N" if p in self.skipped else None

    def good(self, q):
        return self.qual[q] >= 20 and self.seq[q] in "ACGT"


class carries(str):
    """What a carrier says, with the number of bases that differ from the allele all the same."""

    def __new__(cls, off):
        self = super().__new__(cls, "carries")
        self.off = off
        return self


def pick(s, i):
    return s[i] if 0 <= i < len(s) else None


def block_goes_on_in_clip(contig, c, r):
    if c.dels < 2 or (c.beg >= r.pos and c.end <= r.end): return False
    right = c.end > r.end
    if right and (c.beg < r.pos or c.beg > r.end + 9): return False
    if not right and r.pos > c.end + 9: return False
    cells = {p: q for p, q in list(r.at.items()) + list(r.sure.items()) if (r.frm <= p < r.to) or p in r.sure}
    block = [cells.get(p) for p in range(c.beg, c.end)]
    if None in block or block != list(range(block[0], block[0] + c.dels)): return False
    for p, q in zip(range(c.beg, c.end), block):
        if c.hap[p] != contig[p] and not (r.good(q) and r.seq[q] == c.hap[p]): return False
    side = {p: q for p, q in r.sure.items() if (p >= r.end) == right}
    if any(not 0 <= p < len(contig) for p in side): return False
    good = [(p, q) for p, q in side.items() if r.good(q)]
    return sum(r.seq[q] != c.hap[p] for p, q in good) <= len(good) // 20


def judge_block(contig, c, r):
    if c.dels < 2: return vote_block(contig, c, r)
    if block_goes_on_in_clip(contig, c, r): return carries(0)
    gaps = gaps_near(c, r)
    if gaps:  # written as gaps that cancel out
        lo, hi = min([c.left] + [g[0] - 1 for g in gaps]), max([c.right] + [g[1] for g in gaps])
        a, b = r.where(lo), r.where(hi)
        if isinstance(a, int) and isinstance(b, int) and b - a == hi - lo:
            good = [(p, a + p - lo) for p in range(lo + 1, hi) if r.good(a + p - lo)]
            if all(r.seq[q] == c.hap[p] for p, q in good):
                return carries(0) if {p for p in range(lo + 1, hi) if c.hap[p] != contig[p]} <= {p for p, q in good} else "poor"
            return vote_block(contig, c, r)
    said = vote_block(contig, c, r)
    if not gaps or said not in ("else", "ref"): return said
    end = judge_ends(contig, c, r, said)
    return "short" if end == "carries" else end


def vote_block(contig, c, r):
    offsets, votes, missing, masked = set(), [], 0, 0
    for p in range(c.beg, c.end):
        q = r.where(p)
        if q == "D": return "else"
        if isinstance(q, int): offsets.add(q - p)
        want = c.ins[p - c.beg]
        if want == contig[p]: continue
        if not isinstance(q, int): missing += 1
        elif r.good(q): votes.append("alt" if r.seq[q] == want else "ref" if r.seq[q] == contig[p] else "none")
        else: masked += 1
    # inserted bases show between the first and last base that the read has here
    if len(offsets) > 1:
        first = min(p for p in range(c.beg, c.end) if isinstance(r.where(p), int))
        last = max(p for p in range(c.beg, c.end) if isinstance(r.where(p), int))
        if r.where(last) - r.where(first) != last - first: return "else"
    if missing: return "short_no" if set(votes) - {"alt"} else "short"
    if not votes: return "poor"
    if set(votes) == {"alt"}: return "poor" if masked else carries(0)  # a part of the block may be a neighbour's allele
    if set(votes) == {"ref"}: return "ref"
    return "else"


def compare(r, pairs):
    """(bases that pass, mismatches to ref, to alt, telling, mismatches to alt at bases that it inserts) over (q, ref, alt, inserted)."""
    n = off_ref = off_alt = telling = off_inserted = 0
    for q, a, b, inserted in pairs:
        if a is None or b is None or not r.good(q): continue
        n += 1
        off_ref += r.seq[q] != a
        off_alt += r.seq[q] != b
        telling += a != b
        off_inserted += inserted and r.seq[q] != b
    return n, off_ref, off_alt, telling, off_inserted


def inserted(c):
    """Where in its haplotype."""
    return range(c.beg, c.beg + len(c.ins))


def tail(contig, c, r, at, q, limit=400):
    """From the base q, aligned to position at, to the read's right end."""
    if not isinstance(q, int): return 0, 0, 0, 0, 0
    room = r.frag_end - (at + 1) + max(0, c.net)
    n = max(0, min(len(r.seq) - 1 - q, limit, room))
    return compare(r, [(q + 1 + k, pick(contig, at + 1 + k), pick(c.hap, at + 1 + k), at + 1 + k in inserted(c)) for k in range(n)])


def head(contig, c, r, at, q):
    if not isinstance(q, int): return 0, 0, 0, 0, 0
    room = at - r.frag_beg + max(0, c.net)
    n = max(0, min(q, 400, room))
    return compare(r, [(q - 1 - k, pick(contig, at - 1 - k), pick(c.hap, at + c.net - 1 - k), at + c.net - 1 - k in inserted(c)) for k in range(n)])


def gaps_near(c, r):
    return [g for g in r.gaps if g[0] <= c.right + 10 and g[1] >= c.left - 10]


def flank_in_clip(contig, r, p, between):
    """Query index of the flank p in a clip, and how many good bases between alignment and change are not the reference's: one, of three or more."""
    q = r.clip.get(p)
    if q is None or any(pick(contig, x) is None for x in between): return None, 0
    good = [(x, q + x - p) for x in between if r.good(q + x - p)]
    off = sum(r.seq[b] != contig[x] for x, b in good)
    return (q, off) if off == 0 or (off == 1 and len(good) >= 3) else (None, 0)


def left_anchor(contig, c, r):
    """Where a comparison to the right can start: the left flank, a base among the placements, or the flank in a clip."""
    q, off = r.where(c.left), 0
    if q is None and r.end <= c.left and c.left - r.end < 10: q, off = flank_in_clip(contig, r, c.left, range(r.end, c.left + 1))
    if q is None and r.frm in range(c.left + 1, c.beg + c.shift): return (r.frm, r.where(r.frm)), 0
    return (c.left, q), off


def right_anchor(contig, c, r):
    q, off = r.where(c.right), 0
    if q is None and 0 < r.pos - c.right <= 10: q, off = flank_in_clip(contig, r, c.right, range(c.right, r.pos))
    if q is None and r.to - 1 in range(c.end, c.right): return (r.to - 1, r.where(r.to - 1)), 0
    return (c.right, q), off


def leans(t):
    return t[2] <= t[0] // 20 and t[1] > t[2]


def judge_ends(contig, c, r, otherwise):
    lefts, rights = [g[0] - 1 for g in gaps_near(c, r)], [g[1] for g in gaps_near(c, r)]
    left, off_left = ((min(lefts), r.where(min(lefts))), 0) if lefts and min(lefts) < c.left else left_anchor(contig, c, r)
    right, off_right = ((max(rights), r.where(max(rights))), 0) if rights and max(rights) > c.right else right_anchor(contig, c, r)
    h, t = head(contig, c, r, *right), tail(contig, c, r, *left)
    exact = lambda x: not gaps_near(c, r) or x[2] == 0
    for x, off in ((h, off_right), (t, off_left)):
        if exact(x) and fits(x, c): return carries(x[2] + off)
    return "short" if any(exact(x) and leans(x) for x in (h, t)) else otherwise


def first_bases(contig, c, r, otherwise):
    """A read that is no carrier from the left flank on may still begin inside the change."""
    right, off = right_anchor(contig, c, r)
    h = head(contig, c, r, *right)
    exact = h[2] == 0 or not gaps_near(c, r)
    if exact and fits(h, c): return carries(h[2] + off)
    if exact and leans(h): return "short"
    return "poor" if len(c.ins) > c.dels and not h[3] else otherwise


def fits(t, c):
    return t[2] <= t[0] // 20 and t[4] <= len(c.ins) // 20 and t[1] - t[2] >= 4


def spell(c, r, lo, hi, ql):
    """(differing bases, readable inserted bases) between two aligned flanks."""
    want = c.hap[lo + 1:hi + c.net]
    off = readable = 0
    for k, w in enumerate(want):
        q = ql + 1 + k
        if not r.good(q): continue
        if c.beg <= lo + 1 + k < c.beg + len(c.ins): readable += 1
        off += r.seq[q] != w
    return off, readable


def spelled(c, off, readable):
    if off > len(c.ins) // 20: return "else"
    return "poor" if c.ins and not readable else carries(off)


def judge_length(contig, c, r):
    plain = all(op in "M=XSH" or n == 0 for op, n in r.cigar) and sum(op in "M=X" for op, n in r.cigar) == 1
    if not plain:
        near = gaps_near(c, r)
        lo = min([c.left] + [g[0] - 1 for g in near])
        hi = max([c.right] + [g[1] for g in near])
        a, b = r.where(lo), r.where(hi)
        if (lo, hi) != (c.left, c.right) and isinstance(a, int) and isinstance(b, int) and (b - a) - (hi - lo) == c.net:
            off, readable = spell(c, r, lo, hi, a)
            if off <= len(c.ins) // 20 + 2: return spelled(c, off, readable)
    said = judge_aligned(contig, c, r)
    return judge_ends(contig, c, r, said) if said in ("ref", "else") and gaps_near(c, r) else said


def judge_aligned(contig, c, r):
    ql, qr = r.where(c.left), r.where(c.right)
    if ql == "D": return "else"
    if not isinstance(ql, int): return judge_ends(contig, c, r, "short_no")
    if isinstance(qr, int):
        net = (qr - ql) - (c.right - c.left)
        if net == c.net: return spelled(c, *spell(c, r, c.left, c.right, ql))
        if net: return "else"
    qd = r.where(c.decide)
    if isinstance(qd, int) and qd - ql == c.decide - c.left:
        span = tail(contig, c, r, c.left, ql, c.decide - c.left)
        if span[1] == 0 and span[3]:
            if r.trail and r.end - c.decide <= 10: return judge_ends(contig, c, r, "ref")
            flank_read = r.good(ql) and r.seq[ql] == contig[c.left] and not (r.lead and c.left - r.pos < 10)
            h = head(contig, c, r, *right_anchor(contig, c, r)[0])  # a carrier that begins among repeats: the allele's to its first base
            if not (h[2] == 0 and h[1]) if len(c.ins) <= c.dels else not c.dels and flank_read: return "ref"
            return first_bases(contig, c, r, "ref")
        t = tail(contig, c, r, c.left, ql)
        if fits(t, c): return carries(t[2])
        if not t[3]: return "poor"
        if leans(t): return "short"
        return first_bases(contig, c, r, "ref" if t[1] < t[2] else "else")
    if qd == "D" or (isinstance(qd, int) and isinstance(qr, int)): return "else"
    t = tail(contig, c, r, c.left, ql)
    if fits(t, c): return carries(t[2])
    qe = r.where(r.to - 1)
    net = (qe - ql) - (r.to - 1 - c.left) if isinstance(qe, int) else 0
    if net == c.net and t[2] == 0 and t[1] > 0: return carries(0)
    if net and t[2] > 0: return "else"
    said = "short" if t[2] == 0 else "short_no"
    return said if t[3] else judge_ends(contig, c, r, said)


def judge(contig, c, r):
    return judge_block(contig, c, r) if c.subst else judge_length(contig, c, r)


class Locus:
    def __init__(self, contig, pos, ref, alts):
        self.contig, self.pos, self.ref, self.alts = contig, pos, ref, alts
        self.changes = [Change(contig, pos, ref, a) for a in alts]
        self.rivals = []
        self.seen_beg = min(c.beg if c.subst else c.left for c in self.changes)
        self.seen_end = max(c.end if c.subst else c.decide + 1 for c in self.changes)
        self.reach_end = max(self.seen_end, max((c.end if c.subst else c.right + 1) for c in self.changes))
        self.long = any(not c.subst or c.dels > 1 for c in self.changes)  # clipped reads may carry it

    def vote(self, r):
        """(class, quality of an SNV's base or None) or None when the read does not cover the locus."""
        covers = r.frm < self.seen_end and r.to > self.seen_beg
        clipped = any(op == "S" for op, n in r.cigar if n)
        slack = 10 if self.long else 0
        in_reach = r.pos < self.reach_end + slack and r.end > self.seen_beg - slack
        if not in_reach or (not covers and not (self.long and clipped)): return None
        got = [judge(self.contig, c, r) for c in self.changes]
        everyone = self.changes + self.rivals

        def over(c, said):
            """What the alleles say that explain more than c, and indels that fit better."""
            wider = [judge(self.contig, o, r) for o in everyone if o is not c and o.contains(c)]
            more = {str(w) for w in wider if w != "carries" or w.off <= said.off}
            better = [judge(self.contig, o, r) for o in everyone if o is not c] if said.off else []
            return more | {"carries" for b in better if b == "carries" and b.off < said.off}
        carried, states = [], set(str(g) for g in got)
        if "carries" in states: states -= {"else"}  # what the other alleles of the record miss is no news
        for i, g in enumerate(got):
            if g != "carries": continue
            c = self.changes[i]
            found = over(c, g)
            if "carries" in found: states.add("else")
            elif "short" in found: states.add("short")
            elif "poor" in found: states.add("poor")
            else: carried.append(i)
        if len(carried) == 1: return self.alts[carried[0]]
        if not covers: return None
        if carried:  # look-alikes told apart by poor bases only, or two changes at once
            def alike(x, y): return not (x.subst or y.subst) and x.net == y.net and x.beg <= y.end + y.shift and y.beg <= x.end + x.shift
            pairs = [(self.changes[i], self.changes[j]) for i, j in zip(carried, carried[1:])]
            return LOWQ if all(alike(x, y) for x, y in pairs) else OTHER
        for x in self.rivals:
            said = judge(self.contig, x, r)
            if said != "carries": continue
            found = over(x, said)
            states.add("else" if "carries" in found else "short" if "short" in found else "poor" if "poor" in found else "else")
        if "else" in states: return OTHER
        if "short" in states or "short_no" in states: return UNINF
        return LOWQ if "poor" in states else REF


    def inside(self, r, cls):
        """Does the locus begin at least ten bases from both ends of the read? None: the carrier has no base near it by which to tell."""
        at = self.seen_beg
        q = r.where(at)
        if not isinstance(q, int) and cls != REF:
            c = self.changes[self.alts.index(cls)]
            places = ((c.beg if c.subst else c.left, 0), (c.end - 1 if c.subst else c.right, c.net))
            beyond = {p: r.clip.get(p) for p, _ in places if (p >= r.end and p == places[0][0]) or (p < r.pos and p == places[1][0])}
            for where in (r.where, beyond.get):  # aligned, else in a clip that begins before it
                got = [where(p) - (p - at) - net for p, net in places if isinstance(where(p), int)]
                if got and not isinstance(q, int): q = got[0]
        if not isinstance(q, int): return None
        first, last = r.first, r.last
        if self.long:  # clipped bases count, as far as the fragment reaches
            first -= min(r.lead, r.frm - r.frag_beg)
            last += min(r.trail, r.frag_end - r.to)
        return q - first >= 10 and last - 1 - q >= 10


def near_end(votes, places, cls):
    """'1': near an end in every read that voted for the class; None: not known."""
    if cls in (OTHER, LOWQ, UNINF, DISC): return "."
    mine = [p for v, p in zip(votes, places) if v == cls]
    return "0" if True in mine else None if None in mine else "1"


def merge(votes):
    """votes: of first and second mate, None where absent. strict."""
    v = [x for x in votes if x is not None]
    deciding = {x for x in v if x not in (LOWQ, UNINF, DISC)}
    if len(deciding) > 1: return DISC
    if deciding: return deciding.pop()
    return DISC if DISC in v else LOWQ if LOWQ in v else UNINF


# ---------------------------------------------------------------- random cases

def random_contig(rng, n=320):
    out = ""
    while len(out) < n:
        kind = rng.random()
        if kind < 0.55: out += "".join(rng.choice("ACGT") for _ in range(rng.randint(4, 25)))
        elif kind < 0.8: out += rng.choice("ACGT") * rng.randint(3, 12)
        else: out += "".join(rng.choice("ACGT") for _ in range(rng.randint(2, 5))) * rng.randint(2, 6)
    return out[:n]


def random_allele(rng, contig, pos):
    kind = rng.random()
    base = contig[pos]
    if kind < 0.3: return base, rng.choice([b for b in "ACGT" if b != base])
    if kind < 0.45:
        n = rng.choice([2, 2, 3, 4, 7])
        ref = contig[pos:pos + n]
        alt = "".join(rng.choice([b for b in "ACGT" if b != x]) if i in (0, n - 1) or rng.random() < 0.5 else x for i, x in enumerate(ref))
        return ref, alt
    if kind < 0.65: return contig[pos:pos + 1 + rng.choice([1, 1, 2, 3, 5, 15, 25, 60])], base
    if kind < 0.85:
        n = rng.choice([1, 1, 2, 3, 6, 12, 24, 45, 70])
        ins = "".join(rng.choice("ACGT") for _ in range(n)) if rng.random() < 0.5 else contig[pos + 1:pos + 1 + n]
        return base, base + ins
    d, i = rng.randint(2, 18), rng.randint(1, 9)
    ref, alt = contig[pos:pos + d], "".join(rng.choice("ACGT") for _ in range(i))
    return (ref, alt) if ref != alt else (ref, alt + "A")


def random_loci(rng, contig):
    made = {}
    centre = rng.randint(110, 200)
    for _ in range(rng.randint(2, 6)):
        pos = max(60, min(250, centre + rng.randint(-15, 15)))
        ref, alt = random_allele(rng, contig, pos)
        if ref == alt: continue
        pad = rng.choice([0, 0, 0, 1, 2, 5])  # written with more bases than it needs
        ref, alt = ref + contig[pos + len(ref):pos + len(ref) + pad], alt + contig[pos + len(ref):pos + len(ref) + pad]
        if rng.random() < 0.25 and made:  # a further allele of a record: one base of its REF
            pos, ref = rng.choice(sorted(made))
            k = rng.randrange(len(ref))
            alt = ref[:k] + rng.choice([b for b in "ACGT" if b != ref[k]]) + ref[k + 1:]
        made.setdefault((pos, ref), [])
        if alt not in made[(pos, ref)]: made[(pos, ref)].append(alt)
    loci = [Locus(contig, pos, ref, sorted(alts)) for (pos, ref), alts in sorted(made.items())]
    for l in loci:
        for o in loci:
            if o is not l: l.rivals += [c for c in o.changes if any(c.meets(x) for x in l.changes)]
    return loci


def haplotype(rng, contig, loci):
    """The sequence of one molecule as (base, reference position or None for an insertion), with deleted stretches left out."""
    cells = [(b, p) for p, b in enumerate(contig)]
    if rng.random() < 0.65 and loci:
        l = rng.choice(loci)
        i = rng.randrange(len(l.alts))
        c = l.changes[i]
        k = rng.randint(0, c.shift)  # some other placement
        at = c.beg + k
        ins = c.hap[at:at + len(c.ins)]
        if c.subst and c.dels > 1 and rng.random() < 0.3:  # a block written as a deletion and an insertion
            j = rng.randint(1, c.dels)
            block = [(b, at + i + j if i + j < c.dels else None) for i, b in enumerate(ins)]
            if rng.random() < 0.5: block = [(b, at + i - j if i >= j else None) for i, b in enumerate(ins)]
            cells = cells[:at] + block + cells[at + c.dels:]
        elif c.subst: cells = cells[:at] + [(b, at + j) for j, b in enumerate(ins)] + cells[at + c.dels:]
        else:
            m = min(len(ins), c.dels) if ins and c.dels else 0
            if m and rng.random() < 0.5: m = 0  # a delins as insertion and deletion side by side, or with a mismatched part
            cells = cells[:at] + [(b, at + j) for j, b in enumerate(ins[:m])] + [(b, None) for b in ins[m:]] + cells[at + c.dels:]
    if rng.random() < 0.15:  # an event of its own
        at = rng.randint(80, 240)
        if rng.random() < 0.5: cells = cells[:at] + cells[at + rng.randint(1, 6):]
        else: cells = cells[:at] + [(rng.choice("ACGT"), None) for _ in range(rng.randint(1, 4))] + cells[at:]
    return cells


def to_cigar(rng, cells):
    ops = []
    last = None
    for b, p in cells:
        if p is None: ops.append("I")
        else:
            if last is not None and p > last + 1: ops += ["D"] * (p - last - 1)
            ops.append("M")
            last = p
    out = []
    for o in ops:
        if out and out[-1][0] == o: out[-1][1] += 1
        else: out.append([o, 1])
    return out


def make_read(rng, contig, cells, name, flag):
    """One read over these cells: poor bases, errors, clips, odd operators. Returns (pos, cigar, seq, qual)."""
    seq = [b for b, _ in cells]
    cigar = to_cigar(rng, cells)
    first = next((p for _, p in cells if p is not None), None)
    if first is None: return None
    pos = first
    lead = sum(n for o, n in cigar[:1] if o == "I")
    if 0 < lead <= 8 and pos > lead + 2 and rng.random() < 0.5:  # begins inside an insertion: as matches, or as matches and a short gap
        cigar[0][0] = "M"
        gap = rng.choice([0, 0, 1, 2])
        if gap: cigar.insert(1, ["D", gap])
        else: cigar[1][1] += cigar.pop(0)[1]
        pos -= lead + gap
    elif lead and rng.random() < 0.7: cigar[0][0] = "S"
    if cigar[-1][0] == "I" and rng.random() < 0.7: cigar[-1][0] = "S"
    # clip at a breakpoint, or anywhere: what an aligner does with a short end
    def clip_left(k):
        nonlocal cigar, pos
        q = 0
        rest = [list(x) for x in cigar]
        while rest and (q < k or rest[0][0] in "ID"):
            o, n = rest[0]
            if o == "D": pos += n; rest.pop(0)
            elif o in "IS": q += n; rest.pop(0)
            else:
                use = min(n, k - q)
                if use <= 0: break
                q += use; pos += use
                rest[0][1] -= use
                if rest[0][1] == 0: rest.pop(0)
        if rest: cigar = [["S", q]] + rest if q else rest
    def flip():
        nonlocal cigar
        cigar = cigar[::-1]
    if rng.random() < 0.25:
        gaps = [i for i, (o, n) in enumerate(cigar) if o in "ID"]
        q = 0
        if gaps and rng.random() < 0.8:
            g = rng.choice(gaps)
            before = sum(n for o, n in cigar[:g] if o in "MIS")
            after = sum(n for o, n in cigar[g + 1:] if o in "MIS")
            more = rng.choice([0, 0, 0, 1, 4, 9, 10, 11])  # an error beside the breakpoint moves the clip
            if before <= after: clip_left(before + more)
            else:
                keep = pos
                flip(); clip_left(after + more); flip(); pos = keep
        else:
            keep = pos
            if rng.random() < 0.5: clip_left(rng.randint(1, 12))
            else: flip(); clip_left(rng.randint(1, 12)); flip(); pos = keep
    # clip at a mismatch near an end, as a local alignment does
    if rng.random() < 0.6:
        at, r, q = {}, pos, 0
        for o, n in cigar:
            if o == "M": at.update((q + i, r + i) for i in range(n))
            q += n if o in "MIS" else 0
            r += n if o in "MD" else 0
        off = [i for i, p in at.items() if contig[p] != seq[i]] if r <= len(contig) else []
        near_left, near_right = [i for i in off if i < 12], [i for i in off if len(seq) - i <= 12]
        if near_right:
            keep = pos
            flip(); clip_left(len(seq) - min(near_right)); flip(); pos = keep
        elif near_left: clip_left(max(near_left) + 1)
    # flatten a gap near an end into mismatches: the bases stay, the gap goes
    if rng.random() < 0.08 and len(cigar) == 3 and cigar[1][0] in "ID" and cigar[2][0] == "M" and cigar[0][0] == "M":
        n = sum(n for o, n in cigar if o in "MI")
        cigar = [["M", n]]
    cigar = [x for x in cigar if x[1] > 0]
    if not any(o == "M" for o, n in cigar): return None
    # a leading or trailing deletion is no alignment
    while cigar and cigar[-1][0] == "D": cigar.pop()
    # spellings
    done = []
    for o, n in cigar:
        if o == "M" and rng.random() < 0.12 and n > 6:
            a = rng.randint(1, n - 2)
            kind = rng.random()
            if kind < 0.4: done += [["=", a], ["X", 1], ["=", n - a - 1]] if n - a - 1 else [["=", a], ["X", 1]]
            elif kind < 0.6: done += [["M", a], ["P", 2], ["M", n - a]]
            elif kind < 0.8: done += [["M", a], ["N", 7], ["M", n - a]]
            else: done += [["M", a], ["M", n - a]]
        else: done.append([o, n])
    cigar = done
    if rng.random() < 0.05: cigar = [["H", 5]] + cigar
    if rng.random() < 0.05: cigar = cigar + [["H", 3]]
    for i in range(len(seq)):
        if rng.random() < 0.006: seq[i] = rng.choice("ACGTACGTNRK=")
    qual = [rng.choice([37, 37, 37, 37, 37, 30, 25, 20, 19, 11, 2]) if rng.random() < 0.5 else 38 for _ in seq]
    end = pos + sum(n for o, n in cigar if o in "MDN=X")
    if pos < 0 or end > len(contig): return None
    return pos, [(o, n) for o, n in cigar], "".join(seq), qual


def write_case(rng, index, contig, loci, n, lines, truth):
    name_of = f"c{index}"
    for k in range(n):
        cells = haplotype(rng, contig, loci)
        flen = rng.randint(50, 190)
        beg = rng.randint(0, max(0, len(cells) - flen))
        frag = cells[beg:beg + flen]
        name = f"{name_of}:m{k}:{rng.getrandbits(32):x}"
        reads = []
        rl = rng.choice([50, 75, 100, 120])
        if rng.random() < 0.35:  # single end
            made = make_read(rng, contig, frag[:rl] if rng.random() < 0.5 else frag[-rl:], name, 0)
            if made: reads.append((rng.choice([0, 16]),) + made + (0, False))
        else:
            one = make_read(rng, contig, frag[:rl], name, 0)
            two = make_read(rng, contig, frag[-rl:], name, 0)
            if one and two:
                end2 = two[0] + sum(n for o, n in two[1] if o in "MDN=X")
                tlen = end2 - one[0]
                if rng.random() < 0.1: tlen = max(1, tlen - rng.randint(1, 25))  # read-through: the fragment ends inside the reads
                swap = rng.random() < 0.5
                reads.append((0x1 | 0x2 | 0x20 | (0x80 if swap else 0x40),) + one + (tlen, True))
                reads.append((0x1 | 0x2 | 0x10 | (0x40 if swap else 0x80),) + two + (-tlen, True))
        if rng.random() < 0.05:  # read through into the adapter: at the 3' end
            for i, (flag, pos, cigar, seq, qual, tlen, paired) in enumerate(reads):
                more = "AGATCGGAAGAGCACACG"[:rng.randint(2, 18)]
                if flag & 16: cigar, seq = [("S", len(more))] + cigar, more + seq
                else: cigar, seq = cigar + [("S", len(more))], seq + more
                if [o for o, n in cigar].count("S") == 1 and "H" not in [o for o, n in cigar]:
                    reads[i] = (flag, pos, cigar, seq, qual + [37] * len(more), tlen, paired)
        votes, places = [{}, {}], [{}, {}]
        for flag, pos, cigar, seq, qual, tlen, paired in reads:
            mpos = [x[1] for x in reads if x[0] != flag]
            lines.append((index, pos, "\t".join([name, str(flag), name_of, str(pos + 1), "60", "".join(f"{n}{o}" for o, n in cigar),
                          "=" if paired else "*", str(mpos[0] + 1 if mpos else 0), str(tlen), seq, "".join(chr(q + 33) for q in qual)])))
            r = Read(name, flag, pos, cigar, seq, qual, tlen, paired)
            for li, l in enumerate(loci):
                v = l.vote(r)
                mate = 1 if flag & 0x80 else 0
                if v is not None: votes[mate][li] = v
                if v is not None and v not in (OTHER, LOWQ, UNINF, DISC): places[mate][li] = l.inside(r, v)
        for li, l in enumerate(loci):
            both = [votes[0].get(li), votes[1].get(li)]
            if both != [None, None]:
                cls = merge(both)
                truth[(name_of, l.pos + 1, l.ref, f"{name_hash(name):016x}")] = (cls, name, near_end(both, [p.get(li) for p in places], cls))
    return name_of


def check_sums(path, got, near):
    """AD and ADE of the counts file are the sums over the molecules."""
    sums, bad = {}, 0
    for (contig, pos, ref, _), cls in got.items():
        both = sums.setdefault((contig, pos, ref), {}).setdefault(cls, [0, 0])
        both[0] += 1
        both[1] += near[(contig, pos, ref, _)] == "1"
    for line in open(path):
        if line.startswith("#"): continue
        c = line.rstrip("\n").split("\t")
        field = dict(zip(c[8].split(":"), c[9].split(":")))
        want = [sums.get((c[0], int(c[1]), c[3]), {}).get(a, [0, 0]) for a in [REF] + c[4].split(",")]
        if field["AD"] != ",".join(str(w[0]) for w in want) or field["ADE"] != ",".join(str(w[1]) for w in want):
            bad += 1
            if bad <= 10: print(f"{c[0]}:{c[1]}: AD {field['AD']} ADE {field['ADE']}, molecules {want}")
    return bad


def run(clonewatch, molecules, seed, folder):
    rng = random.Random(seed)
    lines, truth, contigs, sites = [], {}, [], []
    per = 50
    for index in range((molecules + per - 1) // per):
        contig = random_contig(rng)
        loci = random_loci(rng, contig)
        name = write_case(rng, index, contig, loci, per, lines, truth)
        contigs.append((name, contig))
        for l in loci: sites += [f"{name}\t{l.pos + 1}\t.\t{l.ref}\t{','.join(l.alts)}\t.\t.\t."]
    fa = folder / "ref.fa"
    offset, fai = 0, []
    with open(fa, "w") as f:
        for name, contig in contigs:
            f.write(f">{name}\n{contig}\n")
            offset += len(name) + 2
            fai.append(f"{name}\t{len(contig)}\t{offset}\t{len(contig)}\t{len(contig) + 1}\n")
            offset += len(contig) + 1
    (folder / "ref.fa.fai").write_text("".join(fai))
    head_ = "##fileformat=VCFv4.2\n" + "".join(f"##contig=<ID={n},length={len(c)}>\n" for n, c in contigs)
    (folder / "sites.vcf").write_text(head_ + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + "\n".join(sites) + "\n")
    lines.sort(key=lambda x: (x[0], x[1]))
    with open(folder / "in.sam", "w") as f:
        f.write("@HD\tVN:1.6\tSO:coordinate\n" + "".join(f"@SQ\tSN:{n}\tLN:{len(c)}\n" for n, c in contigs))
        f.write("".join(x[2] + "\n" for x in lines))
    done = subprocess.run([clonewatch, "count", "--sites", folder / "sites.vcf", "-f", folder / "ref.fa", "-Ov", "-o", folder / "out.vcf",
                           "--molecules", folder / "mol.tsv", "-q", folder / "in.sam"], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr)
        return 1, 0, 0
    got, near = {}, {}
    with open(folder / "mol.tsv") as f:
        next(f)
        for line in f:
            contig, pos, ref, mol, cls, alt, _, _, _, _, end = line.rstrip("\n").split("\t")
            got[(contig, int(pos), ref, mol)] = alt if cls == "alt" else cls
            near[(contig, int(pos), ref, mol)] = end
    bad = 0
    for key in sorted(set(got) | set(truth)):
        want = truth.get(key, (None, "?", None))
        if got.get(key) != want[0]:
            bad += 1
            if bad <= 10: print(f"{key}: clonewatch {got.get(key)}, twin {want[0]}, molecule {want[1]}")
        elif want[2] is not None and near[key] != want[2]:
            bad += 1
            if bad <= 10: print(f"{key}: near_end {near[key]}, twin {want[2]}, class {want[0]}, molecule {want[1]}")
    bad += check_sums(folder / "out.vcf", got, near)
    classes = {}
    for v, _, _ in truth.values():
        v = v if v in (REF, OTHER, LOWQ, UNINF, DISC) else "alt"
        classes[v] = classes.get(v, 0) + 1
    print(f"seed {seed}: {len(lines)} alignments, {len(truth)} molecule-loci, {bad} differ; classes {dict(sorted(classes.items()))}")
    ends = {k: sum(w[2] == k for w in truth.values()) for k in ("0", "1", None)}
    print(f"near an end: {ends['1']}, not: {ends['0']}, not known to the twin: {ends[None]}")
    if min(ends["0"], ends["1"]) * 20 < len(truth) or ends[None] * 100 > len(truth): bad += 1; print("positions are hardly tested")
    if min(classes.get(k, 0) for k in ("alt", REF, OTHER, LOWQ, UNINF, DISC)) < 5: bad += 1; print("a class is hardly tested")
    return bad, len(lines), len(truth)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("clonewatch")
    p.add_argument("--molecules", type=int, default=1500)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep")
    a = p.parse_args()
    if a.keep:
        folder = pathlib.Path(a.keep)
        folder.mkdir(parents=True, exist_ok=True)
        bad = run(a.clonewatch, a.molecules, a.seed, folder)[0]
    else:
        with tempfile.TemporaryDirectory() as t:
            bad = run(a.clonewatch, a.molecules, a.seed, pathlib.Path(t))[0]
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
