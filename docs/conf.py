"""How the handbook is built: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from exercise_pages import write_pages
from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

from formcheck import __version__

write_pages(Path(__file__).parent / "exercises")

lexers["mermaid"] = TextLexer()  # the drawings stand as text here; whoever reads the page on GitHub sees them drawn

project = "FormCheck"
author = "the FormCheck authors"
release = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "FormCheck"
html_copy_source = False
html_show_sphinx = False
nitpicky = True
