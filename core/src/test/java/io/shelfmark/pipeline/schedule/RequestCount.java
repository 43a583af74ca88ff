package io.shelfmark.pipeline.schedule;

import io.shelfmark.storage.BlobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a store is asked; each of these is a request where the store is a bucket. */
final class RequestCount {

  private static final Set<String> REQUESTS =
      Set.of("put", "putIfAbsent", "replace", "open", "head", "list", "delete", "currentTime");

  private final AtomicInteger requests = new AtomicInteger();

  /** The store, whose requests count. */
  BlobStore of(BlobStore store) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              if (REQUESTS.contains(method.getName())) {
                requests.incrementAndGet();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** How many there were since it was asked last. */
  int take() {
    return requests.getAndSet(0);
  }
}
