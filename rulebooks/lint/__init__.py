"""体检：规则手册里缺什么、哪里走不通、哪个数没有依据，以及原文自身的缺陷，各附应当问起草人的话。"""

from rulebooks.lint.findings import Finding
from rulebooks.lint.run import lint, lint_city

__all__ = ["Finding", "lint", "lint_city"]
