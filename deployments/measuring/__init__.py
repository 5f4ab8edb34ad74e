"""测量: how fast it is on this machine; every figure is measured, none is asserted."""
