package peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Framed Avro bytes to a whole GenericRecord, held to the rules of work.py in their order. For one thread. */
final class Rules {
  static final String MALFORMED = "malformed";
  private static final int FRAME = 5;
  private static final Set<String> COUNTRIES = Set.of(
      "NO", "SE", "DK", "FI", "DE", "FR", "NL", "GB", "IE", "US", "PL", "ES", "IT", "PT", "IS", "EE", "LV", "LT", "CH", "AT");
  private static final Set<String> RECIPIENTS = Set.of(
      "SC-b73c0eac4c26", "SC-50d6a2aed8bb", "SC-44f308996218", "SC-42b38a143fb0", "SC-ed4ebe3b8056", "SC-ce35ce724f35",
      "SC-fec400e2bab5", "SC-65e762332299");
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern STUDENT = Pattern.compile("S[0-9]{9}");
  private static final Pattern ENROLMENT = Pattern.compile("E-[0-9]{10}");
  private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]+\\.)+[A-Za-z]{2,24}");
  private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern POSTCODE = Pattern.compile("[A-Z0-9 -]{3,10}");
  private static final Pattern SCHOOL = Pattern.compile("SCH[0-9]{4}");
  private static final Pattern PROGRAMME = Pattern.compile("PRG-[0-9]{4}");
  private static final long EARLIEST = 1_577_836_800_000_000L;
  private static final long LATEST = 4_102_444_800_000_000L;
  private static final int BORN_FROM = -25_567;
  private static final int BORN_TO = 19_723;
  private static final int STARTS_FROM = 10_957;
  private static final int STARTS_TO = 47_482;

  private final GenericDatumReader<GenericRecord> reader;
  private final int id;
  private BinaryDecoder decoder;
  private GenericRecord record;

  /** Reads the schema that work.py has, from a file; records name it by the id. */
  Rules(Path schema, int id) throws IOException {
    this.id = id;
    Schema read = new Schema.Parser().parse(Files.readString(schema));
    decodeStringsAsStrings(read);
    reader = new GenericDatumReader<>(read);
  }

  private static void decodeStringsAsStrings(Schema schema) {
    switch (schema.getType()) {
      case STRING -> GenericData.setStringType(schema, GenericData.StringType.String);
      case RECORD -> schema.getFields().forEach(field -> decodeStringsAsStrings(field.schema()));
      case UNION -> schema.getTypes().forEach(Rules::decodeStringsAsStrings);
      case MAP -> {
        GenericData.setStringType(schema, GenericData.StringType.String);
        decodeStringsAsStrings(schema.getValueType());
      }
      default -> { }
    }
  }

  /** The recipient of the last record to which nothing objected. */
  String recipient() {
    return (String) record.get(25);
  }

  /** The identity of the learner whom the last record is about. */
  String learner() {
    return record.get(17) + "/" + record.get(5);
  }

  /** Null when every rule is kept, else the reason. */
  String check(byte[] value) {
    return read(value) ? broken(record) : MALFORMED;
  }

  /** Whether the bytes are a record, which is read whole. */
  boolean read(byte[] value) {
    if (value == null || value.length < FRAME || ByteBuffer.wrap(value).get() != 0 || ByteBuffer.wrap(value).getInt(1) != id) {
      return false;
    }
    try {
      decoder = DecoderFactory.get().binaryDecoder(value, FRAME, value.length - FRAME, decoder);
      record = reader.read(record, decoder);
      return decoder.isEnd();
    } catch (IOException | RuntimeException broken) { // Avro throws many kinds for bytes that are no record
      record = null;
      return false;
    }
  }

  private static String broken(GenericRecord r) {
    if (!is(UUID, r.get(0))) return "eventId";
    long occurred = (Long) r.get(2);
    if (occurred < EARLIEST || occurred >= LATEST) return "occurredAt";
    if (!is(NAME, r.get(3))) return "sourceSystem";
    if (r.get(4) != null && !is(NAME, r.get(4))) return "correlationId";
    if (!is(STUDENT, r.get(5))) return "studentId";
    if (!is(ENROLMENT, r.get(6))) return "enrolmentId";
    if (!isLong(r.get(7), 1, 100)) return "firstName";
    if (!isLong(r.get(8), 1, 100)) return "lastName";
    if (r.get(9) != null && !isLong(r.get(9), 1, 100)) return "middleName";
    int born = (Integer) r.get(10);
    if (born < BORN_FROM || born > BORN_TO) return "dateOfBirth";
    if (!is(EMAIL, r.get(12))) return "email";
    if (r.get(13) != null && !is(PHONE, r.get(13))) return "phone";
    GenericRecord address = (GenericRecord) r.get(14);
    if (!isLong(address.get(0), 1, 120)) return "address.street";
    if (address.get(1) != null && !isLong(address.get(1), 0, 120)) return "address.street2";
    if (!isLong(address.get(2), 1, 80)) return "address.city";
    if (!is(POSTCODE, address.get(3))) return "address.postcode";
    if (!COUNTRIES.contains((String) address.get(4))) return "address.country";
    if (!is(SCHOOL, r.get(15))) return "schoolCode";
    if (!is(PROGRAMME, r.get(16))) return "programmeCode";
    int year = (Integer) r.get(19);
    if (year < 2000 || year > 2100) return "academicYear";
    int starts = (Integer) r.get(20);
    if (starts < STARTS_FROM || starts > STARTS_TO) return "startDate";
    if (r.get(21) != null && (Integer) r.get(21) < starts) return "endDate";
    double credits = (Double) r.get(22);
    if (!(credits >= 0 && credits <= 240)) return "credits";
    if (r.get(23) != null && ((ByteBuffer) r.get(23)).get(0) < 0) return "feeAmount";
    return RECIPIENTS.contains((String) r.get(25)) ? null : "recipient";
  }

  private static boolean is(Pattern pattern, Object text) {
    return pattern.matcher((String) text).matches();
  }

  /** Whether a text has so many characters; only a text that seems too long is counted by code points. */
  private static boolean isLong(Object text, int least, int most) {
    String said = (String) text;
    int size = said.length() > most ? said.codePointCount(0, said.length()) : said.length();
    return size >= least && size <= most;
  }
}
