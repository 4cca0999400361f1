package peers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A hand-written loop: consume, validate, produce, one transaction every 100 ms. */
public final class Plain {
  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Properties c = Given.consumer("");
    c.put("bootstrap.servers", given.bootstrap());
    c.put("group.id", given.group());
    c.put("enable.auto.commit", "false");
    c.put("isolation.level", "read_committed");
    Properties p = Given.producer("");
    p.put("bootstrap.servers", given.bootstrap());
    p.put("transactional.id", given.group());
    Rules rules = given.rules();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(c, new ByteArrayDeserializer(), new ByteArrayDeserializer());
         KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      consumer.subscribe(List.of(Given.INPUT));
      while (true) {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        long opened = System.nanoTime();
        while (read.isEmpty() || System.nanoTime() - opened < Given.COMMIT_MS * 1_000_000L) {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(read.isEmpty() ? 500 : 5));
          if (read.isEmpty() && !records.isEmpty()) {
            producer.beginTransaction();
            opened = System.nanoTime();
          }
          for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> there = records.records(partition);
            there.forEach(one -> producer.send(decided(rules, one)));
            read.put(partition, new OffsetAndMetadata(there.get(there.size() - 1).offset() + 1));
          }
        }
        producer.sendOffsetsToTransaction(read, consumer.groupMetadata());
        producer.commitTransaction();
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> decided(Rules rules, ConsumerRecord<byte[], byte[]> one) {
    String error = rules.check(one.value());
    String topic = error == null ? Given.inbox(rules.recipient()) : Given.ASIDE;
    if (error != null) {
      one.headers().add(Given.REASON, error.getBytes(StandardCharsets.UTF_8));
    }
    return new ProducerRecord<>(topic, null, one.timestamp(), one.key(), one.value(), one.headers());
  }
}
