package dev.sluice.service.http;

/** A request that is answered with a problem. Not a failure of ours: no stack, no log. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient HttpProblem problem;

  Refusal(HttpProblem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public HttpProblem problem() {
    return problem;
  }
}
