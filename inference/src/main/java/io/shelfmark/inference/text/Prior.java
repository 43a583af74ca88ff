package io.shelfmark.inference.text;

/**
 * What texts are usual before one looks. A text is known by a state, a number that stands for its
 * end as far as it matters. Implementations are immutable and thread-safe.
 */
interface Prior {

  /** All texts alike. */
  Prior NONE =
      new Prior() {
        @Override
        public int begin() {
          return 0;
        }

        @Override
        public double weight(int state, int character) {
          return 1;
        }

        @Override
        public double most() {
          return 1;
        }

        @Override
        public int next(int state, int character) {
          return 0;
        }

        @Override
        public double end(int state) {
          return 1;
        }
      };

  /** The state of the empty text; no state is negative. */
  int begin();

  /** By how much class {@code character} after {@code state} is to be preferred; above 0. */
  double weight(int state, int character);

  /** What no {@link #weight} exceeds. */
  double most();

  /** The state of a text in {@code state} that went on by class {@code character}. */
  int next(int state, int character);

  /** By how much an end after {@code state} is to be preferred; above 0. */
  double end(int state);
}
