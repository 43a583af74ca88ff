package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The fields that all searches share. */
final class SearchFields {

  private SearchFields() {}

  /** A search of what cannot be deleted and restored. */
  static Search search(RequestFields fields, int usual, int most) {
    return search(fields, usual, most, Visibility.ACTIVE);
  }

  static Search search(RequestFields fields, int usual, int most, Visibility visibility) {
    return new Search(
        Filter.parse(fields.text("filter")),
        orders(fields),
        visibility,
        Math.min(RunQuery.MAX_LIMIT, limit(fields, usual, most)),
        page(fields));
  }

  static List<Order> orders(RequestFields fields) {
    return fields.texts("order_by").stream().map(Order::parse).toList();
  }

  /**
   * How many items a page may have.
   *
   * @param usual where the request does not say
   * @param most that it may say
   */
  static int limit(RequestFields fields, int usual, int most) {
    long limit = fields.optionalLong("max_results").orElse(usual);
    if (limit < 1 || limit > most) {
      throw new InvalidRequestException(
          "Invalid value %d for parameter 'max_results': expected 1 to %d".formatted(limit, most));
    }
    return (int) limit;
  }

  static Optional<String> page(RequestFields fields) {
    return fields.optionalText("page_token").filter(token -> !token.isEmpty());
  }

  /** Which of the active and the deleted, by the name or the number of protocol buffers' enum. */
  static Visibility visibility(RequestFields fields, String name) {
    String text = fields.optionalText(name).orElse("ACTIVE_ONLY");
    return switch (text) {
      case "ACTIVE_ONLY", "1", "" -> Visibility.ACTIVE;
      case "DELETED_ONLY", "2" -> Visibility.DELETED;
      case "ALL", "3" -> Visibility.ALL;
      default ->
          throw new InvalidRequestException(
              "Invalid value %s for parameter '%s': expected ACTIVE_ONLY, DELETED_ONLY or ALL"
                  .formatted(text, name));
    };
  }

  /** Writes where the next page begins, if there is one. */
  static void next(JsonGenerator out, Optional<String> next) throws IOException {
    if (next.isPresent()) {
      out.writeStringField("next_page_token", next.get());
    }
  }
}
