"""台账: the journal of every case, and the only place a fact is written down."""
