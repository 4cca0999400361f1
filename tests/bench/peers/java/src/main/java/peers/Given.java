package peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;

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
