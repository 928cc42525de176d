"""What each directive shows.

A query says what is asked for; its ``view`` is a function of the project's matrices and of nothing else.  A document
keeps its queries, so that a later build can ask them again and see whether an answer has changed.
"""

from sphinxcontrib_raci.views.findings import FindingsQuery
from sphinxcontrib_raci.views.legend import LegendQuery
from sphinxcontrib_raci.views.load import LoadQuery
from sphinxcontrib_raci.views.matrix import MatrixQuery
from sphinxcontrib_raci.views.overview import OverviewQuery
from sphinxcontrib_raci.views.party import PartyQuery

Query = MatrixQuery | PartyQuery | OverviewQuery | LegendQuery | FindingsQuery | LoadQuery

__all__ = ['FindingsQuery', 'LegendQuery', 'LoadQuery', 'MatrixQuery', 'OverviewQuery', 'PartyQuery', 'Query']
