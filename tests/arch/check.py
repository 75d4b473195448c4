#!/usr/bin/env python3
"""check.py SRC BINARY - the house, held against its own words.

layers     every include in src/ names the room itself or one that the picture allows
commands   every line of commands.def has its source, its page under docs/commands, cases under tests/cli, and --help on stdout (exit 0)
help       every long option that --help prints stands in the command's page, and the other way round
names      no gene or agent name of the knowledge occurs in src/
banned     no strcpy, strcat, sprintf outside a sized buffer, strtok, atof, gets; library rooms neither print nor exit
"""
import csv, pathlib, re, subprocess, sys

src, binary = pathlib.Path(sys.argv[1]), sys.argv[2]
ALLOWED = {
    "base": "", "record": "base", "stats": "base", "io": "base record", "import": "base record", "count": "base record io",
    "detect": "base record stats", "track": "base record stats", "advise": "base record", "report": "base record",
    "sim": "base record stats io", "flow": "base record stats io import count detect track advise report sim", "cmd": "base record flow",
}
passed, failures = 0, []


def check(condition, message):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)


def without_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def sources(room):
    return sorted(p for p in (src / "src" / room).rglob("*") if p.suffix in (".c", ".h", ".def"))


def layers():
    for room, allowed in ALLOWED.items():
        fine = set(allowed.split()) | {room, "clonewatch"}
        for path in sources(room):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                m = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
                if not m or "/" not in m.group(1):
                    continue
                top = m.group(1).split("/")[0]
                check(top != "..", f"{path}:{number}: include looks up")
                if top in ALLOWED:
                    check(top in fine, f"{path}:{number}: {room} may not include {top}")


def commands():
    lines = re.findall(r"^CW_COMMAND\((\w+), \"([^\"]+)\", \"([^\"]+)\"\)", (src / "src/cmd/commands.def").read_text(), re.M)
    check(len(lines) > 0, "commands.def has no command")
    for name, _, _ in lines:
        check((src / f"src/cmd/cmd_{name}.c").is_file(), f"src/cmd/cmd_{name}.c is missing")
        page = src / f"docs/commands/{name}.md"
        check(page.is_file(), f"{page} is missing")
        check(any((src / "tests/cli" / name).glob("*/cmd")), f"tests/cli/{name} has no case")
        run = subprocess.run([binary, name, "--help"], capture_output=True, text=True)
        check(run.returncode == 0 and run.stdout.startswith("Usage: clonewatch") and not run.stderr, f"{name} --help: exit {run.returncode}")
        check(max(map(len, run.stdout.splitlines()), default=0) <= 100, f"{name} --help is wider than 100 columns")
        check("research use" in run.stdout, f"{name} --help does not say research use only")
        check(subprocess.run([binary, name, "--no-such-option"], capture_output=True).returncode == 2, f"{name}: unknown option is not exit 2")
        if page.is_file():
            told = set(re.findall(r"(?<![\w-])--([a-z][a-z0-9-]+)", run.stdout))
            written = set(re.findall(r"(?<![\w-])--([a-z][a-z0-9-]+)", page.read_text()))
            common = {"help", "version", "quiet", "verbose", "progress", "config"}
            check(not (told - written - common), f"{page} does not mention --{', --'.join(sorted(told - written - common))}")
            own = set(re.findall(r"^\|? ?`?(?:-\w, )?`?--([a-z][a-z0-9-]+)", page.read_text(), re.M))
            check(not (own - told), f"{page} explains options that --help lacks: {sorted(own - told)}")


def names():
    words = set()
    knowledge = src / "panels/knowledge"
    for table, columns in (("genes.tsv", ["gene"]), ("agents.tsv", ["agent", "synonyms"])):
        path = knowledge / table
        if not path.is_file():
            continue
        rows = csv.DictReader((l for l in path.open() if not l.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in rows:
            for column in columns:
                words |= {w.strip() for w in (row.get(column) or "").split(";") if len(w.strip()) > 2}
    check(len(words) > 100, "panels/knowledge names too few genes and agents for this check to mean anything")
    if not words:
        return
    pattern = re.compile(r"(?<![\w])(" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")(?![\w])")
    for room in ALLOWED:
        for path in sources(room):
            for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
                m = pattern.search(line)
                check(not m, f"{path}:{number}: names '{m.group(1) if m else ''}', which belongs in panels/")


def banned():
    for room in ALLOWED:
        for path in sources(room):
            if path.suffix != ".c":
                continue
            text = without_comments(path.read_text())
            for number, line in enumerate(text.splitlines(), 1):
                m = re.search(r"(?<![\w.>])(strcpy|strcat|strtok|atof|gets|system|popen|drand48|rand)\s*\(", line)
                check(not m, f"{path}:{number}: {m.group(1) if m else ''}() is banned")
                if room not in ("cmd",):
                    m = re.search(r"(?<![\w.>])(printf|puts|perror|exit|abort|_exit)\s*\(", line)
                    check(not m, f"{path}:{number}: the library neither prints nor exits")


layers(); commands(); names(); banned()
for f in failures:
    print(f)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(bool(failures))
