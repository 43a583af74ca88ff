package io.shelfmark.pipeline.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Looks at the wall clock of a zone every minute, and knows nothing of time tables. */
final class WallClockOracle {

  /**
   * Whose times are looked for.
   *
   * @param times the times of the wall clock that count
   * @param eachHour whether a time counts each time it is shown, and not at all when it is skipped
   */
  record Question(Predicate<LocalDateTime> times, boolean eachHour) {}

  private WallClockOracle() {}

  /** What fires in a period, for each question. */
  static List<List<Instant>> ask(ZoneId zone, Instant from, Instant to, List<Question> questions) {
    ZoneRules rules = zone.getRules();
    List<TreeSet<Instant>> answers = new ArrayList<>();
    questions.forEach(question -> answers.add(new TreeSet<>()));
    // times before the period may be shown again in it
    long first = from.getEpochSecond() - 2 * 86_400;
    LocalDateTime latest = LocalDateTime.MIN;
    ZoneOffset before = ZoneOffset.UTC;
    for (long second = first; second < to.getEpochSecond(); second += 60) {
      Instant instant = Instant.ofEpochSecond(second);
      ZoneOffset offset = rules.getOffset(instant);
      LocalDateTime shown = LocalDateTime.ofEpochSecond(second, 0, offset);
      boolean again = !shown.isAfter(latest);
      boolean inside = !instant.isBefore(from);
      for (int i = 0; i < questions.size(); i++) {
        Question question = questions.get(i);
        if (inside && (question.eachHour() || !again) && question.times().test(shown)) {
          answers.get(i).add(instant);
        }
      }
      boolean jumped = second > first && !offset.equals(before) && !again;
      if (jumped && inside) {
        for (LocalDateTime skipped = latest.plusMinutes(1);
            skipped.isBefore(shown);
            skipped = skipped.plusMinutes(1)) {
          for (int i = 0; i < questions.size(); i++) {
            if (!questions.get(i).eachHour() && questions.get(i).times().test(skipped)) {
              answers.get(i).add(instant);
            }
          }
        }
      }
      latest = again ? latest : shown;
      before = offset;
    }
    return answers.stream().map(answer -> List.copyOf(answer)).toList();
  }

  /** Whether a zone changes its offset at whole minutes only since an instant, as it should. */
  static boolean isMinuteWise(ZoneId zone, Instant at) {
    ZoneOffset offset = zone.getRules().getOffset(at);
    return offset.getTotalSeconds() % 60 == 0;
  }
}
