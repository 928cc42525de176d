"""The words by which people name the columns of a matrix and its letters, in the languages that were met."""

from __future__ import annotations

import re
from functools import lru_cache

from sphinxcontrib_raci.schemes import Scheme


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.replace('\n', ',').split(',') if word.strip())


ACTIVITY = _words("""
    activity, activities, task, tasks, deliverable, deliverables, activity/deliverable, task/activity, activity/task,
    process, processes, work item, action, step, responsibility, item, requirement, duty, subject, decision, milestone,
    activité, activités, tâche, tâches, livrable, livrables, processus, étape, responsabilité,
    aktivität, aktivitäten, aufgabe, aufgaben, tätigkeit, tätigkeiten, prozess, arbeitspaket, leistung, vorgang,
    actividad, actividades, tarea, tareas, entregable, proceso,
    attività, compito, processo,
    atividade, atividades, tarefa, tarefas, entregável, entregáveis,
    activiteit, activiteiten, taak, taken,
    czynność, zadanie, działanie, činnost, úkol, aktivitet, uppgift, opgave, oppgave, tehtävä,
    активность, задача, деятельность
""")

WEAK = _words("""
    process, step, item, requirement, subject, decision, milestone, responsibility, summary, name, title, what,
    processus, étape, prozess, vorgang, proceso, processo
""")
"""Words for activities that as often name what activities are part of."""

OTHER = _words("""
    status, state, rag, priority, prio, risk, type, issue type, kind, class, level, size, start, end, due, due date,
    deadline, frist, estado, statut, état, priorität, priorité, prioridad, risiko, version
""")
"""What other columns hold, even where their texts look like letters."""

PARTY = _words("""
    party, parties, role, roles, team, teams, person, people, stakeholder, stakeholders, who, member, function,
    department, resource, owner, responsible party, actor,
    rôle, rôles, acteur, acteurs, partie, équipe, intervenant,
    rolle, rollen, beteiligte, beteiligter, person, abteilung, partei,
    rol, roles, parte, equipo, ruolo, papel, papéis, equipe, função, roll, rola, роль
""")

LETTERS = _words("""
    letters, letter, raci, rasci, daci, assignment, assignments, part, involvement, responsibility, code, raci code,
    raci role, role type, lettre, lettres, buchstabe, buchstaben, letra, letras, lettera, lettere
""")

SECTION = _words("""
    section, phase, category, area, group, domain, stage, workstream, process group, process area, topic, theme, block,
    catégorie, domaine, groupe, étape, thème, bereich, kategorie, gruppe, abschnitt, thema,
    categoría, área, fase, sección, grupo, categoria, ambito, seção, categorie, onderwerp, groep
""")

NOTE = _words("""
    note, notes, comment, comments, remark, remarks, description, details, explanation,
    remarque, remarques, commentaire, commentaires, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, hinweis,
    hinweise, nota, notas, comentario, comentarios, observaciones, observação, observações, comentários, osservazioni,
    opmerking, opmerkingen, toelichting
""")

NUMBER = _words(
    '#, wbs, no, no., nr, nr., n°, nº, number, num, ref, ref., reference, référence, item no., s.no, s. no., sl'
)
ID = _words('id, ids, key, issue key, ticket')
KEYS = ('tags', 'links', 'formerly', 'waive')
"""Columns that hold what the keys of the same name hold in YAML."""

TITLES = _words('title, titel, titre, titulo, título, titolo')
REVISIONS = _words("""
    revision, updated, last updated, last_updated, last update, lastmod, date, version, datum, stand, fecha, data,
    dernière mise à jour, zuletzt aktualisiert
""")

COLUMNS = ('id', 'section', 'activity', 'note', 'tags', 'links', 'formerly', 'waive')
"""The titles of the columns that are no parties and no scopes, in tables that this package writes."""

REDUNDANT = _words('role, roles, rôle, rôles, rolle, rollen, rol, ruolo, papel, roll, rola, роль')
"""What the titles of the columns of parties may all begin or end with, and what then says nothing."""

NO_PART = _words('not involved, not applicable, none, no part, -, --, ---, n.a., ø, ∅')

_LETTER_WORDS = {
    'R': 'responsible',
    'A': 'accountable, approver, approve, approves',
    'S': 'supporting, support, supports, supportive',
    'C': 'consulted, consult, consults, contributor',
    'I': 'informed, inform, informs',
    'D': 'driver',
}
_SURE = {word for word in ACTIVITY - WEAK if word.isalpha()} - {'action', 'duty', 'process'}
_SPACES = re.compile(r'\s+')


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """A title of a column in the form in which the words of this module are compared."""
    return _SPACES.sub(' ', text).strip(' :*_').casefold()


def names_activities(title: str) -> bool:
    """Whether a title of a column says that it names activities, be it among other words: "deliverable or task"."""
    return title in ACTIVITY or any(word in _SURE for word in re.split(r'\W+', title))


def letter_words(scheme: Scheme) -> dict[str, str]:
    """The codes of a scheme by the words for them, in lower case: the names in the scheme, and English ones."""
    found = {}
    for letter in scheme.letters:
        for word in _words(_LETTER_WORDS.get(letter.code, '')):
            found[word] = letter.code
    # The names that the matrix itself gives win over ours.
    return found | {key(letter.name): letter.code for letter in scheme.letters if len(letter.name) > 1}
