"""The made-up content that all projects of the benchmark share: the same on every run, on every machine."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

PARTIES = (
    ('customer', 'Customer'),
    ('provider', 'Cloud provider'),
    ('operations', 'Operations team'),
    ('security', 'Security office'),
    ('support', 'Support desk'),
    ('partner', 'Integration partner'),
    ('auditor', 'Auditor'),
    ('supplier', 'Hardware supplier'),
)
SERVICES = ('Key management', 'Object storage', 'Managed database', 'Backup', 'Private network', 'Virtual desktop')
CHAPTERS = ('Before ordering', 'Delivery', 'In use', 'Giving the service back')
TITLES = (
    *('Fit to need', 'Setting up', 'Access and identities', 'Configuration', 'Monitoring', 'Incidents', 'Changes'),
    *('Backup and restoration', 'Security events', 'Capacity', 'Return of data', 'Deletion'),
)
VERBS = ('Choose', 'Configure', 'Document', 'Keep', 'Monitor', 'Operate', 'Provide', 'Renew', 'Review', 'Test')
OBJECTS = (
    *('the access keys', 'the administrator accounts', 'the audit trail', 'the backup plan', 'the capacity limits'),
    *('the certificates', 'the encryption settings', 'the firewall rules', 'the maintenance calendar'),
    *('the network routes', 'the physical hosts', 'the restoration procedure', 'the software images'),
)
DETAILS = (
    *('that the service relies on', 'in every region in use', 'for the production environment'),
    *('before the agreed date', 'according to the security policy', 'after a change of the contract'),
    *('including those of third parties', 'and tell the other side about the outcome', 'at least once a year'),
)
NOTES = (
    'Response times are in the service agreement.',
    'On request, within the limits of the support level that was ordered.',
    'Only while the service is active; thirty days of grace apply afterwards.',
)
PARTS = ('opens the ticket and confirms the fix', 'within the console only', 'for its own part of the platform')

# Letters of the two parties that share an activity, and how often; each row has one accountable party.
PAIRS = (('RA', 'I'), ('I', 'RA'), ('RA', ''), ('', 'RA'), ('A', 'R'), ('R', 'A'), ('RA', 'C'), ('C', 'RA'))
PAIR_WEIGHTS = (30, 30, 10, 10, 6, 6, 4, 4)
OTHERS = ('I', 'C', 'R', '')
OTHER_WEIGHTS = (40, 10, 10, 40)
SHORTEST, LONGEST = 60, 110


@dataclass(frozen=True)
class Part:
    """The letters of one party in one activity."""

    letters: str
    note: str = ''


@dataclass(frozen=True)
class Activity:
    """One row; ``who`` names only the parties that have a part in it."""

    id: str
    name: str
    who: Mapping[str, Part]
    note: str


@dataclass(frozen=True)
class Section:
    """A title with its activities."""

    title: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Chapter:
    """A title with its sections."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Matrix:
    """What one document shows."""

    id: str
    title: str
    chapters: tuple[Chapter, ...]

    def activities(self) -> Iterator[Activity]:
        """All rows, in order."""
        for chapter in self.chapters:
            for section in chapter.sections:
                yield from section.activities

    def of(self, party: str) -> list[Activity]:
        """Only the rows that a party has a part in."""
        return [activity for activity in self.activities() if party in activity.who]


@dataclass(frozen=True)
class Content:
    """Everything that a project of the benchmark holds."""

    parties: Mapping[str, str]
    matrices: tuple[Matrix, ...]


def make_content(activities: int, documents: int, parties: int) -> Content:
    """Spread a number of activities evenly over a number of matrices."""
    random = Random(1)
    names = dict(PARTIES[:parties]) | {f'team-{n}': f'Team {n}' for n in range(len(PARTIES) + 1, parties + 1)}
    sizes = share(activities, documents)
    return Content(names, tuple(make_matrix(random, n, size, list(names)) for n, size in enumerate(sizes, 1)))


def reworded(content: Content, word: str) -> Content:
    """The same, with another first word in the name of one activity: the first of the matrix in the middle."""
    middle = len(content.matrices) // 2
    matrix = content.matrices[middle]
    chapter, *chapters = matrix.chapters
    section, *sections = chapter.sections
    activity, *activities = section.activities
    activity = replace(activity, name=' '.join([word, *activity.name.split(' ')[1:]]))
    section = replace(section, activities=(activity, *activities))
    matrix = replace(matrix, chapters=(replace(chapter, sections=(section, *sections)), *chapters))
    return replace(content, matrices=(*content.matrices[:middle], matrix, *content.matrices[middle + 1 :]))


def share(total: int, parts: int) -> list[int]:
    """Divide a total into parts that differ by one at most; parts of nothing are left out."""
    size, rest = divmod(total, parts)
    return [part for part in (size + (n < rest) for n in range(parts)) if part]


def make_matrix(random: Random, number: int, size: int, parties: list[str]) -> Matrix:
    """Two chapters of three sections each, fewer if there are not enough activities."""
    rows = [make_activity(random, serial, parties) for serial in range(1, size + 1)]
    titles = random.sample(TITLES, 6)
    sections = []
    for title, count in zip(titles, share(size, len(titles)), strict=False):
        sections.append(Section(title, tuple(rows[:count])))
        del rows[:count]
    halves = [half for half in (sections[:3], sections[3:]) if half]
    chapters = zip(random.sample(CHAPTERS, len(halves)), halves, strict=True)
    title = f'{random.choice(SERVICES)} {number}'
    return Matrix(f'service-{number:04}', title, tuple(Chapter(name, tuple(half)) for name, half in chapters))


def make_activity(random: Random, serial: int, parties: list[str]) -> Activity:
    """One row with a name, letters and, in one row of twenty, a note."""
    verb, thing = random.choice(VERBS), random.choice(OBJECTS)
    slug = re.sub('[^a-z]+', '-', f'{verb} {thing.removeprefix("the ")}'.lower())
    note = random.choice(NOTES) if random.random() < 0.05 else ''
    return Activity(f'{slug}-{serial}', make_name(random, f'{verb} {thing}'), make_who(random, parties), note)


def make_name(random: Random, text: str) -> str:
    """A sentence as long as those of real pages."""
    wanted = random.randint(SHORTEST, LONGEST - 20)
    for detail in random.sample(DETAILS, len(DETAILS)):
        if len(text) >= wanted:
            break
        if len(text) + len(detail) < LONGEST:
            text = f'{text} {detail}'
    return text


def make_who(random: Random, parties: list[str]) -> dict[str, Part]:
    """Two parties share the activity, the others are told, asked, or have no part in it."""
    pair = random.choices(PAIRS, PAIR_WEIGHTS)[0]
    first = random.randrange(max(len(parties) - 1, 1))
    shared = dict(zip(parties[first:], pair if len(parties) > 1 else ('RA',), strict=False))
    letters = {party: shared.get(party, random.choices(OTHERS, OTHER_WEIGHTS)[0]) for party in parties}
    return {party: Part(text, make_part_note(random)) for party, text in letters.items() if text}


def make_part_note(random: Random) -> str:
    """A note for one party, in two assignments of a hundred."""
    return random.choice(PARTS) if random.random() < 0.02 else ''


def count_letters(activities: list[Activity], party: str) -> dict[str, int]:
    """How often a party has each letter, in the order of the scheme."""
    counts = Counter(letter for activity in activities for letter in activity.who[party].letters)
    return {letter: counts[letter] for letter in 'RACI' if counts[letter]}
