package io.shelfmark.tracking.internal.mlflow.wire;

import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Reads registered models and their versions as the server has them, run ids included. */
public final class ModelReply {

  private ModelReply() {}

  /** Of a {@code registered_model} object. */
  public static ModelRecord read(Reply reply) {
    Map<String, Long> aliases = new LinkedHashMap<>();
    reply.list("aliases").forEach(a -> aliases.put(a.text("alias"), a.number("version")));
    return new ModelRecord(
        reply.text("name"),
        reply.time("creation_timestamp"),
        reply.time("last_updated_timestamp"),
        reply.text("description"),
        reply.pairs("tags"),
        aliases,
        reply.list("latest_versions").stream().map(ModelReply::version).toList());
  }

  /** Of a {@code model_version} object; its location is its source. */
  public static ModelVersionRecord version(Reply reply) {
    String source = reply.text("source");
    return new ModelVersionRecord(
        reply.text("name"),
        reply.number("version"),
        reply.time("creation_timestamp"),
        reply.time("last_updated_timestamp"),
        reply.text("description"),
        reply.text("user_id"),
        reply.find("current_stage").orElse(ModelVersionRecord.NO_STAGE),
        source,
        source,
        reply.find("run_id"),
        reply.find("model_id"),
        reply.pairs("tags"),
        reply.texts("aliases").stream().sorted().toList());
  }

  /** Of a change of an alias, which a Shelfmark server tells. */
  public static AliasChange aliasChange(Reply reply) {
    return new AliasChange(
        reply.time("timestamp"),
        reply.has("version") ? OptionalLong.of(reply.number("version")) : OptionalLong.empty(),
        reply.text("user_id"));
  }
}
