"""Why checks hold: the laws and the arithmetic that several of them share."""

from giamngheo.core.message import message

REVIEW = message("Decision 24/2021/QĐ-TTg")
STANDARD = message("Decree 07/2021/NĐ-CP, article 3")
PROGRAMME = message("the programme that the year of the funds belongs to")
UNITS = message("the register of administrative units of the statistics office")
INVESTMENT_LAW = message("Public Investment Law 2019, article 68")
TREASURY = message("the State Treasury pays no more than what is allocated")
SNAPSHOTS = message("disbursement is typed as cumulative snapshots")
DOCUMENT_FORM = message("Decree 30/2020/NĐ-CP, annex I")
PART = message("a part is not more than the whole")
SUM = message("a whole is the sum of its parts")
EXPLAINED = message("an explanation is of one contradiction at one place, decided by somebody on a day")
KNOWN = message("a row says something")
ONCE = message("each fact stands once")
GROWTH = message("households grow slowly")
