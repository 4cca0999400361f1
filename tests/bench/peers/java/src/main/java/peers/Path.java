package peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The path of the product by Kafka Streams, exactly once (v2): validate, repartition by learner, look in the state of the
 * learner whether the event was seen, send to the log and to the inbox that the record names.
 */
public final class Path {
  static final String INPUT = "outbox.gateway";
  static final String LOG = "path.record";
  static final String ASIDE = "path.aside";
  static final String INBOX = "path.inbox.";
  private static final String LEARNERS = "learners";
  private static final int RECENT = 32;
  private static final int MARK = 8;

  /** The bytes as they came, with where they go or why they go nowhere. */
  private record Decided(byte[] bytes, String recipient, String error) { }

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Rules checking = given.rules();
    Rules routing = given.rules();
    Serde<String> text = Serdes.String();
    Serde<byte[]> bytes = Serdes.ByteArray();
    Serde<Decided> decided = Serdes.serdeFrom((topic, one) -> one.bytes(), (topic, value) -> new Decided(value, null, null));
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(LEARNERS), text, bytes).withCachingEnabled());
    Map<String, KStream<String, Decided>> split = builder.stream(INPUT, Consumed.with(bytes, bytes))
        .process(() -> new Validate(checking))
        .split(Named.as("to-"))
        .branch((key, one) -> one.error() == null, Branched.as("checked"))
        .defaultBranch(Branched.as("aside"));
    split.get("to-aside").to(ASIDE, Produced.with(text, decided));
    KStream<String, Decided> routed = split.get("to-checked")
        .repartition(Repartitioned.with(text, decided).withName("checked").withNumberOfPartitions(4))
        .process(() -> new Route(routing), LEARNERS);
    routed.to(LOG, Produced.with(text, decided));
    routed.to((key, one, context) -> INBOX + one.recipient(), Produced.with(text, decided));

    KafkaStreams streams = new KafkaStreams(builder.build(), given.streams());
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    new CountDownLatch(1).await();
  }

  private static final class Validate extends ContextualProcessor<byte[], byte[], String, Decided> {
    private final Rules rules;

    Validate(Rules rules) {
      this.rules = rules;
    }

    @Override
    public void process(Record<byte[], byte[]> one) {
      String error = rules.check(one.value());
      if (error != null) {
        one.headers().add(Given.REASON, error.getBytes(StandardCharsets.UTF_8));
      }
      String key = error == null ? rules.learner() : new String(one.key(), StandardCharsets.UTF_8);
      context().forward(one.withKey(key).withValue(new Decided(one.value(), null, error)));
    }
  }

  private static final class Route extends ContextualProcessor<String, Decided, String, Decided> {
    private final Rules rules;
    private KeyValueStore<String, byte[]> learners;

    Route(Rules rules) {
      this.rules = rules;
    }

    @Override
    public void init(ProcessorContext<String, Decided> context) {
      super.init(context);
      learners = context.getStateStore(LEARNERS);
    }

    @Override
    public void process(Record<String, Decided> one) {
      byte[] known = learners.get(one.key());
      long mark = mark(one.headers().lastHeader("ce_id"));
      if (known != null && holds(known, mark)) {
        return;
      }
      learners.put(one.key(), with(known, mark));
      rules.read(one.value().bytes());
      context().forward(one.withValue(new Decided(one.value().bytes(), rules.recipient(), null)));
    }

    private static long mark(Header id) {
      long hash = 0xcbf29ce484222325L;
      for (byte one : id.value()) {
        hash = (hash ^ one) * 0x100000001b3L;
      }
      return hash;
    }

    private static boolean holds(byte[] known, long mark) {
      ByteBuffer marks = ByteBuffer.wrap(known);
      while (marks.hasRemaining()) {
        if (marks.getLong() == mark) {
          return true;
        }
      }
      return false;
    }

    private static byte[] with(byte[] known, long mark) {
      int size = known == null ? 0 : known.length;
      int from = size == RECENT * MARK ? MARK : 0;
      byte[] after = known == null ? new byte[MARK] : Arrays.copyOf(Arrays.copyOfRange(known, from, size), size - from + MARK);
      ByteBuffer.wrap(after).putLong(after.length - MARK, mark);
      return after;
    }
  }
}
