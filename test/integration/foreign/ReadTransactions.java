import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads committed records of a topic with Kafka's and Avro's own classes, and says of each, as a line of JSON, where it
 * was and where Kafka's partitioner would have put its key. Arguments: brokers, topic, number of records, registry.
 */
public class ReadTransactions {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int HEADER_BYTES = 5;

  private final String registry;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

  private ReadTransactions(String registry) {
    this.registry = registry;
  }

  public static void main(String[] args) throws Exception {
    String topic = args[1];
    int count = Integer.parseInt(args[2]);
    ReadTransactions reader = new ReadTransactions(args[3]);
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic + ".java");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      int partitions = consumer.partitionsFor(topic).size();
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (int read = 0; read < count && System.nanoTime() < deadline; ) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          System.out.println(reader.describe(record, partitions));
          read++;
        }
      }
    }
  }

  private String describe(ConsumerRecord<byte[], byte[]> record, int partitions) throws Exception {
    GenericRecord value = decode(record.value());
    return String.format(
        "{\"key\":\"%s\",\"partition\":%d,\"home\":%d,\"timestamp\":%d,\"timestampType\":\"%s\",\"fields\":%d,"
            + "\"id\":\"%s\",\"customer\":\"%s\",\"eventTime\":%s,\"amount\":%s}",
        new String(record.key()),
        record.partition(),
        Utils.toPositive(Utils.murmur2(record.key())) % partitions,
        record.timestamp(),
        record.timestampType(),
        value.getSchema().getFields().size(),
        value.get("transaction_id"),
        value.get("customer_id"),
        value.get("event_time"),
        value.get("amount_minor"));
  }

  private GenericRecord decode(byte[] bytes) throws Exception {
    if (bytes[0] != 0) throw new IllegalArgumentException("no magic byte");
    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    GenericDatumReader<GenericRecord> reader = readers.get(id);
    if (reader == null) {
      reader = new GenericDatumReader<>(schema(id));
      readers.put(id, reader);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    GenericRecord value = reader.read(null, DecoderFactory.get().directBinaryDecoder(in, null));
    if (in.available() > 0) throw new IllegalArgumentException("bytes follow the record");
    return value;
  }

  /** The registry answers {"schema": "..."}: a JSON text within JSON, which Avro's own JSON classes can take apart. */
  private Schema schema(int id) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build();
    String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    String text = new com.fasterxml.jackson.databind.ObjectMapper().readTree(body).get("schema").asText();
    return new Schema.Parser().parse(text);
  }
}
