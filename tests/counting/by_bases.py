"""by_bases.py - what the bases of a read say of one change, whatever the aligner made of it: the rules of docs/counting-rules.md a third time.

The read lies on the reference and on the allele's haplotype at each of its diagonals (place less query index), without gaps, and differing bases
are counted. Only loci of one allele, none of which overlap, and pairs by `--mates gbcms`.
"""
import collections
import pysam

QUALITY, BESIDE, LEAD, TOLERANCE, BY_GAP = 20, 10, 4, 20, 254
DECIDES = ("ref", "alt", "other")


class Change:
    """[beg,end) becomes ins, at the leftmost placement; it can slide right by shift bases. pos is 1-based."""

    def __init__(self, fasta, chrom, pos, ref, alt):
        self.pos = pos - 1
        self.kind = "SNV" if len(ref) == len(alt) == 1 else "MNV" if len(ref) == len(alt) else "indel"
        same = 0
        while self.kind == "indel" and same < min(len(ref), len(alt)) and ref[same] == alt[same]: same += 1
        self.beg, self.end, self.ins = pos - 1 + same, pos - 1 + len(ref), alt[same:]
        self.net = len(self.ins) - (self.end - self.beg)
        if self.kind == "indel": self.kind = "delins" if self.ins and self.end > self.beg else "insertion" if self.ins else "deletion"
        self.zero = max(0, self.beg - 700)  # place of the haplotypes' first base
        self.ref_hap = fasta.fetch(chrom, self.zero, self.end + 700).upper()
        self.alt_hap = self.ref_hap[:self.beg - self.zero] + self.ins + self.ref_hap[self.end - self.zero:]
        self.shift = 0
        if self.kind in ("insertion", "deletion"):
            agree = [a == b for a, b in zip(self.ref_hap[self.beg - self.zero:], self.alt_hap[self.beg - self.zero:])]
            self.shift = agree.index(False) if False in agree else len(agree)
        block = self.kind in ("SNV", "MNV")
        self.left, self.right = self.beg - 1, self.end + self.shift
        self.first, self.decide = (self.beg, self.end - 1) if block else (self.left, self.beg + self.shift + 1)
        self.changed = [p for p in range(self.beg, self.end) if self.ref_hap[p - self.zero] != self.ins[p - self.beg]] if block else []


class Read:
    """One alignment at one change."""

    def __init__(self, c, record):
        self.c, self.seq, self.qual = c, record.query_sequence, record.query_qualities
        self.pos, self.end = record.reference_start, record.reference_end
        self.good = [q >= QUALITY and b in "ACGT" for q, b in zip(self.qual, self.seq)]
        self.at, self.gaps, self.diagonals, self.clips = {}, [], set(), [0, 0]
        p, q = self.pos, 0
        for op, n in record.cigartuples:
            if op in (0, 7, 8):
                self.at.update((p + k, q + k) for k in range(n))
                self.diagonals.add(p - q)
            if op == 4: self.clips[q > 0] = n
            if op in (1, 2): self.gaps.append((p, p + n * (op == 2), n if op == 1 else -n))
            p += n * (op in (0, 2, 3, 7, 8))
            q += n * (op in (0, 1, 4, 7, 8))
        inward = record.is_paired and not record.mate_is_unmapped and record.is_reverse != record.mate_is_reverse and record.reference_id == record.next_reference_id
        self.back, length = record.is_reverse, record.template_length
        self.frag_beg = self.end + length if inward and self.back and length < 0 else None
        self.frag_end = self.pos + length if inward and not self.back and length > 0 else None
        self.frm = self.pos if self.frag_beg is None else max(self.pos, self.frag_beg)
        self.to = self.end if self.frag_end is None else min(self.end, self.frag_end)
        self.near = [g for g in self.gaps if g[0] <= c.right + BESIDE and g[1] >= c.left - BESIDE]
        self.covers = self.frm <= c.decide and self.to > c.first
        self.own = self.own_bases(max(0, c.net))
        self.lo, self.hi = min([c.left] + [g[0] - 1 for g in self.near]), max([c.right] + [g[1] for g in self.near])

    def own_bases(self, longer):
        """Query indices that are not adapter; the allele may be longer than the reference, by which the fragment's end is told."""
        first, last = 0, len(self.seq)
        if self.frag_beg is not None:
            edge = self.frag_beg - longer
            first = max(0, self.clips[0] - (self.pos - edge)) if edge <= self.pos else max([q + 1 for p, q in self.at.items() if p < edge], default=0)
        if self.frag_end is not None:
            edge = self.frag_end + longer
            last = min(last, last - self.clips[1] + edge - self.end) if edge >= self.end else min([q for p, q in self.at.items() if p >= edge], default=last)
        return range(first, last)

    def where(self, p): return self.at.get(p) if self.frm <= p < self.to else None

    def contiguous(self, beg, end):
        """Is all of [beg,end) aligned, without a gap?"""
        a, b = self.where(beg), self.where(end - 1)
        return a is not None and b is not None and b - a == end - 1 - beg and not any(g[2] and beg < g[1] + (g[2] > 0) and g[0] < end for g in self.gaps)

    def differ(self, hap, diagonal, indices):
        """(bases that pass and differ, bases that pass)"""
        off = n = 0
        for q in indices:
            i = q + diagonal - self.c.zero
            if not 0 <= q < len(self.seq) or not self.good[q] or not 0 <= i < len(hap) or hap[i] == "N": continue
            n += 1
            off += hap[i] != self.seq[q]
        return off, n

    def both(self, diagonal, net, indices):
        """(bases compared, that differ from the reference, from the allele, quality of the first that tells, that differ from the allele where it inserts)"""
        off, n = self.differ(self.c.ref_hap, diagonal, indices)
        at = lambda hap, q, d: hap[q + d - self.c.zero:q + d - self.c.zero + 1]
        tells = (self.qual[q] for q in indices if self.good[q] and at(self.c.ref_hap, q, diagonal) != at(self.c.alt_hap, q, diagonal + net))
        inserted = [q for q in indices if self.c.beg <= q + diagonal + net < self.c.beg + len(self.c.ins)]
        return n, off, self.differ(self.c.alt_hap, diagonal + net, indices)[0], next(tells, 0), self.differ(self.c.alt_hap, diagonal + net, inserted)[0]

    def reaches(self, flank, d, beg, end):
        """Can a comparison start at this flank? In a clip it must be near, and the bases between alignment and change the reference's but for one in three or more."""
        if not 0 <= flank - d < len(self.seq): return False
        if beg >= end: return True
        off, n = self.differ(self.c.ref_hap, d, range(beg - d, end - d))
        return end - beg <= BESIDE and off <= (n >= 3)

    def tails(self):
        start = self.frm if self.where(self.lo) is None and self.c.left < self.frm < self.c.beg + self.c.shift else self.lo
        return [self.both(d, 0, range(start + 1 - d, self.own.stop)) for d in self.diagonals if self.reaches(start, d, self.end, start + 1)]

    def heads(self):
        start = self.to - 1 if self.where(self.hi) is None and self.c.end <= self.to - 1 < self.c.right else self.hi
        return [self.both(d, self.c.net, range(start - d - 1, self.own.start - 1, -1)) for d in self.diagonals if self.reaches(start, d, start, self.pos)]

    def lead(self):
        """By how many bases the whole read fits the allele better than the reference, each at its best diagonal."""
        off_ref = min(self.differ(self.c.ref_hap, d, self.own)[0] for d in self.diagonals)
        return off_ref - min(self.differ(self.c.alt_hap, d + s, self.own)[0] for d in self.diagonals for s in {0, self.c.net})

    def between(self):
        """The query indices between the flanks, moved out over near gaps, when there are as many as the allele has; else None."""
        a, b = self.where(self.lo), self.where(self.hi)
        return None if a is None or b is None or (b - a) - (self.hi - self.lo) != self.c.net else range(a + 1, b)

    # ---- votes: a label of ref, alt, other, poor, short and none, with its quality; several where the bases leave it open

    def vote(self):
        if self.c.kind == "SNV": return {self.vote_base()}
        if self.c.kind == "MNV": return {self.vote_block()}
        return self.vote_length()

    def vote_base(self):
        c, q = self.c, self.where(self.c.beg)
        if q is not None:
            base = self.seq[q]
            return ("ref" if base == c.ref_hap[c.beg - c.zero] else "alt" if base == c.ins else "other", self.qual[q]) if self.good[q] else ("poor", 0)
        deleted = self.frm <= c.beg < self.to and any(g[0] <= c.beg < g[1] for g in self.gaps)
        return ("other", BY_GAP) if deleted else ("none", 0)

    def vote_block(self):
        c = self.c
        if (c.beg < self.pos or c.end > self.end) and (worst := self.block_in_clip()): return "alt", worst
        said = self.vote_aligned() if self.covers else ("none", 0)
        if not self.near: return said
        qs = self.between()
        if qs is not None:
            index = lambda p: qs.start + p - self.lo - 1
            wrong = next((q for q in qs if self.differ(c.alt_hap, self.lo + 1 - qs.start, [q])[0]), None)
            if wrong is None: return ("alt", min(self.qual[index(p)] for p in c.changed)) if all(self.good[index(p)] for p in c.changed) else ("poor", 0)
            return ("other", self.qual[wrong]) if said[0] == "other" else said
        fits = [x for x in self.tails() + self.heads() if not x[2] and x[1] > 0]
        return ("short", 0) if said[0] in ("ref", "other") and fits else said

    def vote_aligned(self):
        c = self.c
        at = [self.where(p) for p in range(c.beg, c.end)]
        if any(q is None and any(g[0] <= p < g[1] for g in self.gaps) for p, q in zip(range(c.beg, c.end), at)): return "other", BY_GAP
        here = [q - k for k, q in enumerate(at) if q is not None]
        if here and here[0] != here[-1]: return "other", BY_GAP
        at = [at[p - c.beg] for p in c.changed]
        votes = [("ref" if self.seq[q] == c.ref_hap[p - c.zero] else "alt" if self.seq[q] == c.ins[p - c.beg] else "third", self.qual[q])
                 for p, q in zip(c.changed, at) if q is not None and self.good[q]]
        said, worst = {v for v, _ in votes}, min([q for _, q in votes], default=0)
        if None in at: return "short", 0
        if not said or said == {"alt"} and len(votes) < len(at): return "poor", 0
        return (said.pop() if said in ({"alt"}, {"ref"}) else "other"), worst

    def block_in_clip(self):
        """Does the clip go on as the allele's haplotype does, from within 10 bp of the block to the read's end, and cannot be adapter? The poorest changed base."""
        c, right = self.c, self.c.end > self.end
        if right and (c.beg < self.pos or c.beg - self.end >= BESIDE) or not right and self.pos - c.end >= BESIDE: return False
        edge, clip = (self.end, self.clips[1]) if right else (self.pos, self.clips[0])
        d = next((p - q for p, q in self.at.items() if p == (edge - 1 if right else edge)), None)
        if not clip or d is None: return False
        if right != self.back:  # the 3' end
            if (self.frag_beg if self.back else self.frag_end) is None: return False
            clipped = range(len(self.seq) - clip, self.own.stop) if right else range(self.own.start, clip)
        else: clipped = range(len(self.seq) - clip, len(self.seq)) if right else range(clip)
        for p in range(c.beg, c.end):
            q = p - d
            if not (q in clipped or p in self.at and self.frm <= p < self.to and self.at[p] == q): return False
            if p in c.changed and not (self.good[q] and self.seq[q] == c.ins[p - c.beg]): return False
        off, n = self.differ(c.alt_hap, d, clipped)
        return min(self.qual[p - d] for p in c.changed) if off <= n // TOLERANCE else False

    def vote_length(self):
        c, qs = self.c, self.between()
        if not self.covers and not any(self.clips): return {("none", 0)}
        if qs is not None:
            off = self.differ(c.alt_hap, self.lo - qs.start + 1, qs)[0]
            read = any(self.good[qs.start + p - self.lo - 1] for p in range(c.beg, c.beg + len(c.ins)))
            if off <= len(c.ins) // TOLERANCE: return {("alt", BY_GAP) if read or not c.ins else ("poor", 0)}
        tails, heads = self.tails(), self.heads()
        fits = [x for x in tails + heads if x[2] <= (0 if self.near else x[0] // TOLERANCE) and x[1] > x[2]]
        carriers = [x for x in fits if x[1] - x[2] >= LEAD and x[4] <= len(c.ins) // TOLERANCE]
        if carriers: return {("alt", x[3]) for x in carriers}
        if qs is not None: return {("other", BY_GAP)}
        if not self.covers: return {("none", 0)}
        if fits: return {("short", 0)}
        ql, qr, qd = self.where(c.left), self.where(c.right), self.where(c.decide)
        if ql is not None and qr is not None and qr - ql != c.right - c.left: return {("other", BY_GAP)}
        if ql is None or qd is None or qd - ql != c.decide - c.left: return {("short", 0)}
        flank_read = c.kind != "insertion" or self.good[ql] and self.seq[ql] == c.ref_hap[c.left - c.zero]
        near = self.both(c.left - ql, 0, range(ql + 1, qd + 1))  # to one base past the first difference
        if flank_read and not near[1] and near[2]: return {("ref", near[3])}
        span = self.both(c.left - ql, 0, range(ql + 1, self.own.stop))
        if self.lead() < 0 or c.net <= 0 and span[1] < span[2]: return {("ref", span[3])}
        return {("other", span[3]) if span[3] and span[1] >= span[2] else ("poor", 0)}


def resolve(a, b):
    """The class of a molecule by the votes of its mates."""
    decided = [v for v in (a, b) if v[0] in DECIDES]
    if len(decided) == 2 and a[0] != b[0]:
        return a[0] if a[1] > b[1] + 10 else b[0] if b[1] > a[1] + 10 else "discordant"
    if decided: return decided[0][0]
    return "low_quality" if "poor" in (a[0], b[0]) else "uninformative" if "short" in (a[0], b[0]) else "-"


def classes(reads):
    """Every class that the reads of a molecule bear out; "-": not at the locus."""
    votes = [r.vote() for r in reads] + [{("none", 0)}] * 2
    return {resolve(a, b) for a in votes[0] for b in votes[1]}


def records_by_name(bam):
    """The alignments that both programs count, by name."""
    by = collections.defaultdict(list)
    with pysam.AlignmentFile(str(bam)) as f:
        for r in f:
            if not r.flag & 0xF04 and r.mapping_quality >= 20 and r.cigartuples and r.query_sequence and r.query_qualities is not None: by[r.query_name].append(r)
    return by
