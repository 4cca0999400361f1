package peers;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
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

    KafkaStreams streams = new KafkaStreams(builder.build(), given.streams());
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    new CountDownLatch(1).await();
  }
}
