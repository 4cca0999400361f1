package peers;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Kafka Streams, exactly once (v2): decode and validate, split, send to the topic that the record names. */
public final class Streams {
  /** The bytes as they came, with where they go or why they go nowhere. */
  private record Decided(byte[] bytes, String recipient, String error) { }

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, given.group());
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.bootstrap());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Given.COMMIT_MS);
    p.put(StreamsConfig.STATE_DIR_CONFIG, given.folder().toString());
    p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 20_000);
    p.putAll(Given.consumer(StreamsConfig.CONSUMER_PREFIX));
    p.putAll(Given.producer(StreamsConfig.PRODUCER_PREFIX));

    Rules rules = given.rules();
    Serde<byte[]> bytes = Serdes.ByteArray();
    Serde<Decided> decided = Serdes.serdeFrom((topic, one) -> one.bytes(), (topic, value) -> null);
    StreamsBuilder builder = new StreamsBuilder();
    Map<String, KStream<byte[], Decided>> split = builder.stream(Given.INPUT, Consumed.with(bytes, bytes))
        .mapValues(value -> {
          String error = rules.check(value);
          return new Decided(value, error == null ? rules.recipient() : null, error);
        })
        .split(Named.as("to-"))
        .branch((key, one) -> one.error() == null, Branched.as("inbox"))
        .defaultBranch(Branched.as("aside"));
    split.get("to-inbox").to((key, one, context) -> Given.inbox(one.recipient()), Produced.with(bytes, decided));
    split.get("to-aside")
        .processValues(() -> new ContextualFixedKeyProcessor<byte[], Decided, Decided>() {
          @Override
          public void process(FixedKeyRecord<byte[], Decided> one) {
            one.headers().add(Given.REASON, one.value().error().getBytes(StandardCharsets.UTF_8));
            context().forward(one);
          }
        })
        .to(Given.ASIDE, Produced.with(bytes, decided));

    KafkaStreams streams = new KafkaStreams(builder.build(), p);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    new CountDownLatch(1).await();
  }
}
