package io.shelfmark.pipeline;

import org.junit.jupiter.api.Test;

class RunPageTest {
  @Test
  void placeholder() {}
}
