package io.shelfmark.cluster;

/**
 * The tables of the database, each by what is asked of it. Thread-safe.
 *
 * @param runs how runs began
 * @param endings how they end
 * @param claims who may settle a step
 * @param steps how steps are settled
 * @param fanOuts the elements of steps
 * @param records what is on record of runs
 * @param limits of queues
 * @param reconciler of steps without a ticket
 */
record Tables(
    RunStore runs,
    RunEndings endings,
    StepClaims claims,
    StepStore steps,
    FanOutStore fanOuts,
    Records records,
    Limits limits,
    Reconciler reconciler) {

  static Tables in(Database database, Tickets tickets) {
    return new Tables(
        new RunStore(database, tickets),
        new RunEndings(database),
        new StepClaims(database),
        new StepStore(database, tickets),
        new FanOutStore(database, tickets),
        new Records(database),
        new Limits(database),
        new Reconciler(database, tickets));
  }
}
