package io.shelfmark.storage.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** A real S3 server in this process, s3proxy over memory, with one bucket. */
final class S3Server implements AutoCloseable {

  static final String BUCKET = "bucket";
  static final String ACCESS_KEY = "tester";
  static final String SECRET = "a-secret-of-the-tests";

  private final BlobStore blobs;
  private final S3Proxy proxy;

  private S3Server(BlobStore blobs, S3Proxy proxy) {
    this.blobs = blobs;
    this.proxy = proxy;
  }

  /** A server that lets everyone in. */
  static S3Server open() {
    return start(AuthenticationType.NONE);
  }

  /** A server that checks signatures. */
  static S3Server withSignatures() {
    return start(AuthenticationType.AWS_V4);
  }

  private static S3Server start(AuthenticationType authentication) {
    try {
      BlobStore blobs = BlobStores.create("transient", new Properties());
      S3Proxy.Builder builder =
          S3Proxy.builder()
              .blobStore(blobs)
              .endpoint(URI.create("http://127.0.0.1:0"))
              .stopTimeout(0);
      if (authentication == AuthenticationType.NONE) {
        builder.awsAuthentication(authentication, null, null);
      } else {
        builder.awsAuthentication(authentication, ACCESS_KEY, SECRET);
      }
      S3Proxy proxy = builder.build();
      proxy.start();
      S3Server server = new S3Server(blobs, proxy);
      server.createBucket();
      return server;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A server as a process of its own: says its address, and ends when its input does. */
  public static void main(String[] arguments) throws IOException {
    try (S3Server server = open();
        S3Front front = new S3Front(server.endpoint())) {
      front.keepNoCalls();
      // a front costs time; the server alone will do where nobody replaces
      System.out.println(server.endpoint() + " " + front.endpoint());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void createBucket() {
    blobs.createContainer(CreateBucketRequest.builder().bucket(BUCKET).build());
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  @Override
  public void close() {
    try {
      proxy.stop();
      blobs.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
