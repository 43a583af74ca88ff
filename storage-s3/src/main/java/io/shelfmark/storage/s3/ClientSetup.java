package io.shelfmark.storage.s3;

import io.shelfmark.storage.StorageException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Makes the client and what signs addresses. Checksums other than S3's oldest are left out: not
 * every server knows them.
 */
final class ClientSetup {

  /** How long a connection may be silent. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** An open stream of a small blob holds one; they are made when they are needed. */
  private static final int CONNECTIONS = 512;

  private final @Nullable URI endpoint;
  private final @Nullable String region;
  private final boolean pathStyle;
  private final @Nullable String accessKeyId;
  private final @Nullable String secretAccessKey;
  private final Duration deadline;

  ClientSetup(
      @Nullable URI endpoint,
      @Nullable String region,
      boolean pathStyle,
      @Nullable String accessKeyId,
      @Nullable String secretAccessKey,
      Duration deadline) {
    this.endpoint = endpoint;
    this.region = region;
    this.pathStyle = pathStyle;
    this.accessKeyId = accessKeyId;
    this.secretAccessKey = secretAccessKey;
    this.deadline = deadline;
  }

  S3Client client(ServerClock clock) {
    Duration silence = deadline.compareTo(SILENCE) < 0 ? deadline : SILENCE;
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region())
            .forcePathStyle(pathStyle)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new DateListener(clock)))
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    // S3's own setting asks before sending 1 MiB or more; this one would always
                    .expectContinueEnabled(false)
                    .maxConnections(CONNECTIONS)
                    .connectionAcquisitionTimeout(deadline)
                    .connectionTimeout(silence)
                    .socketTimeout(silence));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    credentials().ifPresent(builder::credentialsProvider);
    return builder.build();
  }

  /** Signs addresses of the same server with the same credentials. */
  S3Presigner presigner() {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(region())
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build());
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    credentials().ifPresent(builder::credentialsProvider);
    return builder.build();
  }

  private Optional<AwsCredentialsProvider> credentials() {
    return accessKeyId != null && secretAccessKey != null
        ? Optional.of(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(accessKeyId, secretAccessKey)))
        : Optional.empty();
  }

  private Region region() {
    if (region != null) {
      return Region.of(region);
    }
    try {
      return endpoint == null
          ? new DefaultAwsRegionProviderChain().getRegion()
          // without asking whether this is a machine of AWS, which takes seconds elsewhere
          : new AwsRegionProviderChain(
                  new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
              .getRegion();
    } catch (SdkClientException e) {
      if (endpoint != null) {
        return Region.US_EAST_1;
      }
      throw new StorageException(
          "Cannot open store: found no region, expected one (set AWS_REGION, a profile, or the builder's region)",
          e);
    }
  }
}
