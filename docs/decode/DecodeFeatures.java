import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

/**
 * Prints the features of payments by name, a line of JSON for each. Arguments: brokers, registry, topic, number of
 * records, services/scorer/features.json.
 */
public class DecodeFeatures {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String registry;
  private final JsonNode list;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

  private DecodeFeatures(String registry, JsonNode list) {
    this.registry = registry;
    this.list = list;
  }

  public static void main(String[] args) throws Exception {
    DecodeFeatures decoder = new DecodeFeatures(args[1], JSON.readTree(new File(args[4])));
    String topic = args[2];
    int left = Integer.parseInt(args[3]);
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic + ".decode-java");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (left > 0 && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
          if (left-- <= 0) break;
          GenericRecord record = decoder.read(message.value());
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("transaction_id", record.get("transaction_id").toString());
          line.put("features", decoder.features(record));
          System.out.println(JSON.writeValueAsString(line));
        }
      }
    }
  }

  /** 4 bytes a feature, little endian, in the order of the list. */
  private Map<String, Float> features(GenericRecord record) {
    int version = list.get("version").asInt();
    if (!record.get("list_version").equals(version)) {
      throw new IllegalArgumentException(
          "expected version " + version + " of the list, got " + record.get("list_version"));
    }
    ByteBuffer values = ((ByteBuffer) record.get("values")).order(ByteOrder.LITTLE_ENDIAN);
    JsonNode named = list.get("features");
    if (values.remaining() != named.size() * Float.BYTES) {
      throw new IllegalArgumentException(
          "expected " + named.size() * Float.BYTES + " bytes of features, got " + values.remaining());
    }
    Map<String, Float> features = new LinkedHashMap<>();
    for (JsonNode feature : named) features.put(feature.get("name").asText(), values.getFloat());
    return features;
  }

  /** Confluent's header (0, then the schema's id in 4 bytes), then Avro. */
  private GenericRecord read(byte[] bytes) throws Exception {
    ByteBuffer head = ByteBuffer.wrap(bytes);
    if (head.get() != 0) throw new IllegalArgumentException("no magic byte");
    int id = head.getInt();
    if (!readers.containsKey(id)) readers.put(id, new GenericDatumReader<>(schema(id)));
    return readers
        .get(id)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, head.position(), head.remaining(), null));
  }

  private Schema schema(int id) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build();
    String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return new Schema.Parser().parse(JSON.readTree(body).get("schema").asText());
  }
}
