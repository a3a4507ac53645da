"""The laboratory: a virtual patient who exercises, rendered to video with everything known about them.

Nothing in the product imports this package. Its dependencies are in the ``lab`` extra; see ``README.md``.
"""
