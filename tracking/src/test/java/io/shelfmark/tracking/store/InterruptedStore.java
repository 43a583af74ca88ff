package io.shelfmark.tracking.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store whose runs fail at one call, as if its server went away or refused it. */
final class InterruptedStore implements TrackingStore {

  private final TrackingStore store;
  private final String method;
  private int callsLeft;
  private final TrackingException failure;

  /**
   * @param method of {@link RunStore} that fails, once
   * @param after how many calls of it
   */
  InterruptedStore(TrackingStore store, String method, int after, TrackingException failure) {
    this.store = store;
    this.method = method;
    this.callsLeft = after;
    this.failure = failure;
  }

  @Override
  public RunStore runs() {
    return (RunStore)
        Proxy.newProxyInstance(
            RunStore.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && callsLeft-- == 0) {
                throw failure;
              }
              try {
                return called.invoke(store.runs(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public ExperimentStore experiments() {
    return store.experiments();
  }

  @Override
  public ModelStore models() {
    return store.models();
  }

  @Override
  public LoggedModelStore loggedModels() {
    return store.loggedModels();
  }

  @Override
  public FileStore files(String location) {
    return store.files(location);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {}
}
