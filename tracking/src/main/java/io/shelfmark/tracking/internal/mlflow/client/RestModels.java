package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.ModelReply;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.Search;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The registered models on a server. Thread-safe. */
final class RestModels implements ModelStore {

  private static final int MOST_MODELS = 1000;
  private static final String MODELS = "registered-models/";
  private static final String VERSIONS = "model-versions/";

  private final Api api;
  private final ServerKind kind;
  private final RunIds ids;
  private final ModelVersions versions;

  RestModels(Api api, ServerKind kind, RunIds ids, ModelVersions versions) {
    this.api = api;
    this.kind = kind;
    this.ids = ids;
    this.versions = versions;
  }

  @Override
  public ModelRecord create(String name, String description, Map<String, String> tags) {
    ObjectNode body = model(name);
    body.set("tags", Api.pairs(tags));
    if (!description.isEmpty()) {
      body.put("description", description);
    }
    String what = "create model " + name;
    return model(api.send(what, "POST", MODELS + "create", body, Repeat.IF_NOT_APPLIED));
  }

  @Override
  public Optional<ModelRecord> find(String name) {
    return api.find("read model " + name, MODELS + "get", "name", name).map(this::model);
  }

  @Override
  public Page<ModelRecord> search(Search search) {
    int limit = Math.min(search.limit(), MOST_MODELS);
    ObjectNode body = RestExperiments.search(search, limit, UnaryOperator.identity());
    Reply reply = search("search models", MODELS + "search", body);
    return new Page<>(
        reply.list("registered_models").stream()
            .map(ModelReply::read)
            .map(versions::complete)
            .toList(),
        reply.find("next_page_token"));
  }

  /** The registry's searches take their fields in the address. */
  private Reply search(String what, String path, ObjectNode fields) {
    List<String> query = new ArrayList<>();
    fields
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ArrayNode several) {
                several.forEach(v -> Collections.addAll(query, field.getKey(), v.asText()));
              } else {
                Collections.addAll(query, field.getKey(), field.getValue().asText());
              }
            });
    return api.get(what, path, query.toArray(String[]::new));
  }

  @Override
  public ModelRecord rename(String name, String newName) {
    String what = "rename model " + name + " to " + newName;
    ObjectNode body = model(name).put("new_name", newName);
    return model(api.send(what, "POST", MODELS + "rename", body, Repeat.IF_NOT_APPLIED));
  }

  @Override
  public ModelRecord describe(String name, String description) {
    ObjectNode body = model(name).put("description", description);
    String what = "describe model " + name;
    return model(api.send(what, "PATCH", MODELS + "update", body, Repeat.ALWAYS));
  }

  @Override
  public void delete(String name) {
    String what = "delete model " + name;
    api.send(what, "DELETE", MODELS + "delete", model(name), Repeat.GONE_IS_DONE);
  }

  @Override
  public void setTag(String name, String key, String value) {
    ObjectNode body = model(name).put("key", key).put("value", value);
    api.post("set tag " + key + " of model " + name, MODELS + "set-tag", body);
  }

  @Override
  public void deleteTag(String name, String key) {
    String what = "remove tag " + key + " of model " + name;
    ObjectNode body = model(name).put("key", key);
    api.send(what, "DELETE", MODELS + "delete-tag", body, Repeat.GONE_IS_DONE);
  }

  @Override
  public void setAlias(String name, String alias, long version) {
    ObjectNode body = model(name).put("alias", alias).put("version", Long.toString(version));
    api.post("set alias " + alias + " of model " + name, MODELS + "alias", body);
  }

  @Override
  public void deleteAlias(String name, String alias) {
    String what = "remove alias " + alias + " of model " + name;
    ObjectNode body = model(name).put("alias", alias);
    api.send(what, "DELETE", MODELS + "alias", body, Repeat.ALWAYS);
  }

  @Override
  public Optional<ModelVersionRecord> findByAlias(String name, String alias) {
    String what = "read alias " + alias + " of model " + name;
    try {
      return api.find(what, MODELS + "alias", "name", name, "alias", alias).map(this::version);
    } catch (InvalidRequestException e) {
      // a missing alias is 400 with the code of a bad request; only the sentence tells them apart
      if (String.valueOf(e.getMessage()).contains("not found")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<AliasChange> aliasHistory(String name, String alias) {
    String what = "read the history of alias " + alias + " of model " + name;
    if (!kind.isShelfmark()) {
      throw new InvalidRequestException(
          "Cannot %s: found MLflow %s, which keeps none, expected a Shelfmark server (look at the aliases of each version instead)"
              .formatted(what, kind.version()));
    }
    return api
        .getShelfmark(what, "alias-history", "name", name, "alias", alias)
        .list("changes")
        .stream()
        .map(ModelReply::aliasChange)
        .toList();
  }

  @Override
  public ModelVersionRecord createVersion(NewModelVersion version) {
    ObjectNode body = model(version.model());
    body.put("source", versions.serverSource(version.source()));
    version.runId().ifPresent(id -> body.put("run_id", ids.server(id)));
    version.modelId().ifPresent(id -> body.put("model_id", id));
    body.set("tags", Api.pairs(version.tags()));
    if (!version.description().isEmpty()) {
      body.put("description", version.description());
    }
    String what = "create a version of model " + version.model();
    return version(api.send(what, "POST", VERSIONS + "create", body, Repeat.IF_NOT_APPLIED));
  }

  @Override
  public Optional<ModelVersionRecord> findVersion(String name, long version) {
    String what = "read version " + version + " of model " + name;
    return api.find(what, VERSIONS + "get", "name", name, "version", Long.toString(version))
        .map(this::version);
  }

  @Override
  public Page<ModelVersionRecord> searchVersions(Search search) {
    ObjectNode body = RestExperiments.search(search, search.limit(), ids::server);
    Reply reply = search("search versions of models", VERSIONS + "search", body);
    return new Page<>(versions(reply), reply.find("next_page_token"));
  }

  @Override
  public List<ModelVersionRecord> latestVersions(String name, List<String> stages) {
    ObjectNode body = model(name);
    if (!stages.isEmpty()) {
      stages.forEach(body.putArray("stages")::add);
    }
    String what = "read the latest versions of model " + name;
    return versions(api.post(what, MODELS + "get-latest-versions", body));
  }

  @Override
  public ModelVersionRecord describeVersion(String name, long version, String description) {
    ObjectNode body = version(name, version).put("description", description);
    String what = "describe version " + version + " of model " + name;
    return version(api.send(what, "PATCH", VERSIONS + "update", body, Repeat.ALWAYS));
  }

  @Override
  public ModelVersionRecord setStage(String name, long version, String stage) {
    ObjectNode body = version(name, version);
    body.put("stage", stage).put("archive_existing_versions", false);
    String what = "set stage " + stage + " of version " + version + " of model " + name;
    return version(api.post(what, VERSIONS + "transition-stage", body));
  }

  @Override
  public void deleteVersion(String name, long version) {
    String what = "delete version " + version + " of model " + name;
    ObjectNode body = version(name, version);
    api.send(what, "DELETE", VERSIONS + "delete", body, Repeat.GONE_IS_DONE);
  }

  @Override
  public void setVersionTag(String name, long version, String key, String value) {
    ObjectNode body = version(name, version).put("key", key).put("value", value);
    String what = "set tag " + key + " of version " + version + " of model " + name;
    api.post(what, VERSIONS + "set-tag", body);
  }

  @Override
  public void deleteVersionTag(String name, long version, String key) {
    String what = "remove tag " + key + " of version " + version + " of model " + name;
    ObjectNode body = version(name, version).put("key", key);
    api.send(what, "DELETE", VERSIONS + "delete-tag", body, Repeat.GONE_IS_DONE);
  }

  private ModelRecord model(Reply reply) {
    return versions.complete(ModelReply.read(reply.at("registered_model")));
  }

  private ModelVersionRecord version(Reply reply) {
    return versions.complete(ModelReply.version(reply.at("model_version")));
  }

  private List<ModelVersionRecord> versions(Reply reply) {
    return reply.list("model_versions").stream()
        .map(ModelReply::version)
        .map(versions::complete)
        .toList();
  }

  private static ObjectNode model(String name) {
    return Api.object().put("name", name);
  }

  private static ObjectNode version(String name, long version) {
    return model(name).put("version", Long.toString(version));
  }
}
