"""The bytes of a file that holds text to that text: the encoding is found out, and nothing of it is lost."""

from __future__ import annotations

import re

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.archive import Refused
from sphinxcontrib_raci.sources.tree import PLAIN_BREAK, named_char

LARGEST = 20_000_000
"""So many bytes a file may have."""

_BOMS = ((b'\xef\xbb\xbf', 'utf-8'), (b'\xff\xfe', 'utf-16-le'), (b'\xfe\xff', 'utf-16-be'))
_BAD = re.compile('[\udc80-\udcff]')


def decoded(data: bytes, problems: Problems) -> tuple[bytes, str, str]:
    """The byte order mark, the name of the encoding and the text.

    :raises Refused: where it is no text.
    """
    if len(data) > LARGEST:
        raise Refused(f'the file has {len(data):,} bytes; a CSV file may have {LARGEST:,}, split it')
    bom, encoding = next((pair for pair in _BOMS if data.startswith(pair[0])), (b'', _wide(data) or 'utf-8'))
    body = data[len(bom) :]
    if encoding != 'utf-8':
        return bom, encoding, _utf_16(body, encoding)
    if b'\0' in body:
        line = len(PLAIN_BREAK.findall(body[: body.index(0)].decode('latin-1'))) + 1
        what = 'a zip archive such as an Excel workbook' if data.startswith(b'PK') else 'a binary file'
        raise Refused(f'the file is no text but {what}; save it as CSV in UTF-8', line)
    text = body.decode('utf-8', 'surrogateescape')
    sound = len(text.encode('utf-8', 'ignore').decode('utf-8'))
    # A text in UTF-8 that is damaged in places is still one.
    if bom or len(text) - sound <= sound - len(text.encode('ascii', 'ignore')):
        return bom, encoding, text
    words = 'the file is not UTF-8 and is read as Windows-1252 (cp1252); save it as UTF-8 where letters look wrong'
    problems.add_at(1, 1, words, 'read', 'info')
    return bom, 'cp1252', body.decode('cp1252', 'surrogateescape')


def _wide(data: bytes) -> str:
    """Which UTF-16 it is, of a file without a byte order mark: of two bytes one is mostly NUL, and the other never."""
    sample = data[:4096]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(first, second) * 5 < len(sample) or min(first, second):
        return ''
    return 'utf-16-le' if second else 'utf-16-be' if first else ''


def _utf_16(body: bytes, encoding: str) -> str:
    try:
        text = body.decode(encoding, errors(encoding))
    except UnicodeDecodeError as error:
        line = len(PLAIN_BREAK.findall(body[: error.start].decode(encoding, 'replace'))) + 1
        raise Refused('the file looks like UTF-16 but breaks off inside a character; save it as UTF-8', line) from None
    if '\0' in text:
        raise Refused('the file is no text but a binary file; save it as CSV in UTF-8')
    return text


def errors(encoding: str) -> str:
    """How what an encoding lacks stands in a text, so that it can be written again."""
    return 'surrogatepass' if encoding.startswith('utf-16') else 'surrogateescape'


def complaint(char: str, encoding: str) -> str:
    """What is wrong with a character that no text may hold, in a file of this encoding."""
    if not encoding.startswith('utf-16') and _BAD.match(char):
        name = 'UTF-8' if encoding == 'utf-8' else 'Windows-1252'
        return f'byte 0x{ord(char) - 0xDC00:02X} is not {name}; save the file as UTF-8'
    return f'{named_char(char)} may not stand in a text; remove it'
