"""How papers are made: a kind of paper, its words, and the template that holds on its date.

For a paper of your own: describe it as a `PaperKind` and `register` it in the module that makes its
words, put `templates/documents/<file>.typ` and `.docx` beside the others, and call `make`:

    CERTIFICATE = register(PaperKind(key="certificate", name=N_("Bằng khen"), file="certificate",
                                     words={"lines": N_("Cơ quan ban hành, từng dòng"), …},
                                     sample=_sample))
    made = make(session, CERTIFICATE, words, day=decision.issued_on, format_=TemplateFormat.DOCX)
    made.content, made.media_type, made.template.version, made.template.sha256

`registry` knows the kinds, `choosing` the template of a day, `making` makes, `keeping` takes new
templates in, `checking` tries them in a process of its own.
"""
