"""What the newest answers about health mean for a course on one day.

`facts` and `rules` go in, a `verdict` comes out; `judging` makes it. Three numbers say how old
answers may be: clinic settings, listed in `docs/clinical-sources.md` under "Screening". An answer
that is missing or too old is asked again; one that is not known never counts as no.
"""
