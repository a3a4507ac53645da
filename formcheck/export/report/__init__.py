"""The report: one page of HTML that stands for itself, of a session or of a person's weeks; or the same page as PDF."""

from formcheck.export.report.page import Page, Paper, html_of
from formcheck.export.report.pdf import pdf_of
from formcheck.export.report.person import person_page
from formcheck.export.report.session import session_page

__all__ = ["Page", "Paper", "html_of", "pdf_of", "person_page", "session_page"]
