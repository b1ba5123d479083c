"""Rule family: promises of any kind. Module: `omtanke.engine.promises`.

`ledger` is its slice of state, `evidence` what facts say about promises being met, `standing` how a
promise stands by evidence and clock, `decisions` what follows.
"""
