"""What is compiled ahead is what a run asks for."""

from sim.flow import kernels as K
from sim.flow import warm


def test_a_run_needs_no_signature_that_was_not_compiled_ahead() -> None:
    """Every entry point that a run has called was called with the types listed, and no other."""
    from sim.run import run
    from tests.run.small import scenario

    run(scenario(days=3, warm_up=1))
    listed = dict(warm._jobs(K))
    called = {name: kernel for name, kernel in vars(K).items() if hasattr(kernel, "signatures") and kernel in listed}
    assert len(called) == len(listed)
    for name, kernel in called.items():
        others = [types for types in kernel.signatures if types != listed[kernel]]
        assert not others, f"{name} was called with {others}, not with {listed[kernel]}"
