package peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/** What a peer is told: BOOTSTRAP GROUP FOLDER SCHEMA SCHEMA_ID. The same clients' settings for both, as for Saan. */
record Given(String bootstrap, String group, Path folder, Path schema, int schemaId) {
  static final String INPUT = "hop.input";
  static final String ASIDE = "hop.aside";
  static final String REASON = "x-error";
  static final int COMMIT_MS = 100;

  static Given of(String[] args) {
    return new Given(args[0], args[1], Path.of(args[2]), Path.of(args[3]), Integer.parseInt(args[4]));
  }

  Rules rules() throws IOException {
    return new Rules(schema, schemaId);
  }

  static String inbox(String recipient) {
    return "hop.inbox." + recipient;
  }

  /** Settings of a Kafka Streams application, exactly once. */
  Properties streams() {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, group());
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MS);
    p.put(StreamsConfig.STATE_DIR_CONFIG, folder().toString());
    p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 20_000);
    p.putAll(consumer(StreamsConfig.CONSUMER_PREFIX));
    p.putAll(producer(StreamsConfig.PRODUCER_PREFIX));
    return p;
  }

  static Properties consumer(String prefix) {
    Properties p = new Properties();
    p.put(prefix + "auto.offset.reset", "earliest");
    p.put(prefix + "max.poll.records", 10_000);
    p.put(prefix + "max.partition.fetch.bytes", 1 << 20);
    return p;
  }

  static Properties producer(String prefix) {
    Properties p = new Properties();
    p.put(prefix + "acks", "all");
    p.put(prefix + "linger.ms", 50);
    p.put(prefix + "batch.size", 1 << 20);
    p.put(prefix + "buffer.memory", 128L << 20);
    p.put(prefix + "compression.type", "zstd");
    return p;
  }
}
