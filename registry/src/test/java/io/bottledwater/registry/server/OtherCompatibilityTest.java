package io.bottledwater.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protobuf and JSON schemas; {@code earlier} is registered first, {@code proposed} comes after. */
class OtherCompatibilityTest {
  private final SchemaParsing parsing = new SchemaParsing(new RegistryState());
  private final CompatibilityCheck check = new CompatibilityCheck(parsing);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // earlier | proposed | why not backward | why not forward
        "optional int32 a = 1; | optional int32 a = 1; optional string b = 2; | |",
        "optional int32 a = 1; optional string b = 2; | optional int32 a = 1; reserved 2; | "
            + "| has a number that was reserved",
        "optional int32 a = 1; | optional int32 renamed = 1; | |",
        "optional int32 a = 1; | optional int64 a = 1; | |",
        "optional int32 a = 1; | optional sint32 a = 1; | was of type int32 | was of type sint32",
        "optional int32 a = 1; | optional string a = 1; | was of type int32 | was of type string",
        "optional string a = 1; | optional bytes a = 1; | |",
        "optional string a = 1; | repeated string a = 1; | is not repeated | is not repeated",
        "reserved 1; | optional int32 a = 1; | has a number that was reserved |",
        "message N {} optional N a = 1; | message M {} optional M a = 1; | message m.N is missing"
            + " | message m.M is missing",
        "map<string, int32> a = 1; | map<string, string> a = 1; | was of type int32 | was of type",
        "map<string, int32> a = 1; | map<string, int64> a = 1; | |",
        "optional int32 a = 1; optional int32 b = 2; | oneof o { int32 a = 1; int32 b = 2; } | "
            + "were independent |",
        "oneof o { int32 a = 1; int32 b = 2; } | oneof o { int32 a = 1; } | and is missing |",
      })
  void comparesProtobuf(String earlier, String proposed, String backward, String forward) {
    expect(
        "PROTOBUF",
        "syntax = \"proto3\"; message m { " + earlier + " }",
        "syntax = \"proto3\"; package p; message m { " + proposed + " }",
        backward,
        forward);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'integer'} | {'type':['integer','null']} | | type null",
        "{'type':'integer'} | {'type':'number'} | | type number",
        "{'type':'integer'} | {'type':'integer','pg.type':'int4','title':'t'} | |",
        "{'type':'integer'} | {'type':'string'} | type integer | type string",
        "{'type':'integer'} | {'anyOf':[{'type':'string'},{'type':'integer'}]} | | type string",
        "{'type':['integer','string']} | {'oneOf':[{'type':'string'},{'type':'integer'}]} | |",
        "{'type':'string'} | {'type':'string','maxLength':3} | another maxLength |",
        "{'type':'string','maxLength':3} | {'type':'string','maxLength':4} | | another maxLength",
        "{'type':'string','minLength':3} | {'type':'string','minLength':4} | another minLength |",
        "{'enum':['a']} | {'enum':['a','b']} | | fewer values",
        "{'enum':['a']} | {'type':'string'} | | fewer values",
        "{'type':'string','pattern':'a'} | {'type':'string','pattern':'b'} | another pattern |"
            + " another pattern",
        "{'items':{'type':'integer'}} | {'items':{'type':'number'}} | | #/items",
        "{'properties':{'a':{}},'additionalProperties':false} |"
            + " {'properties':{'a':{},'b':{'type':'string'}},'additionalProperties':false} | |"
            + " #/b accepts nothing",
        "{'properties':{'a':{}}} | {'properties':{'a':{},'b':{'type':'string'}}} | #/b | ",
        "{'properties':{'a':{}}} | {'properties':{'a':{}},'required':['a']} | requires \"a\" |",
        "{'properties':{'a':{'$ref':'#/definitions/x'}},'definitions':{'x':{'type':'integer'}}} |"
            + " {'properties':{'a':{'type':'number'}}} | | #/a",
        "{'type':'array','items':{'$ref':'#'}} | {'type':'array','items':{'$ref':'#'}} | |",
        "false | {'type':'string'} | | accepts nothing",
      })
  void comparesJson(String earlier, String proposed, String backward, String forward) {
    expect("JSON", earlier.replace('\'', '"'), proposed.replace('\'', '"'), backward, forward);
  }

  private void expect(
      String type, String earlier, String proposed, String backward, String forward) {
    StoredSchema before = parsing.canonical(new StoredSchema(type, earlier, List.of()));
    StoredSchema after = parsing.canonical(new StoredSchema(type, proposed, List.of()));
    List<SchemaVersion> versions = List.of(new SchemaVersion("s", 1, 1, before, false));
    expect(check.problems(CompatibilityLevel.BACKWARD, after, versions), backward);
    expect(check.problems(CompatibilityLevel.FORWARD, after, versions), forward);
    assertThat(check.problems(CompatibilityLevel.FULL, after, versions).isEmpty())
        .isEqualTo(backward == null && forward == null);
    assertThat(check.problems(CompatibilityLevel.NONE, after, versions)).isEmpty();
  }

  private static void expect(List<String> problems, String part) {
    if (part == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(part));
    }
  }

  @Test
  void whiteSpaceMakesNoDifference() {
    assertThat(canonical("PROTOBUF", "syntax=\"proto3\";message m{optional int32 a=1;//x\n}"))
        .isEqualTo(
            canonical(
                "PROTOBUF",
                "\n syntax = \"proto3\" ;\r\n\r\nmessage m\n{\toptional int32 a = 1; //x\r\n}\n\n"))
        .isEqualTo("syntax = \"proto3\";\nmessage m {\n  optional int32 a = 1; //x\n}\n");
    String laidOut =
        canonical(
            "PROTOBUF",
            "syntax = \"proto3\"; import \"google/protobuf/timestamp.proto\"; /* a\n b */ message m"
                + " { google.protobuf.Timestamp t = 1 [deprecated = true, json_name = \"}{;//\"];"
                + " map< string ,int32 > z = 2; reserved 5 to 7 , 9; } option x = 'it''s';");
    assertThat(canonical("PROTOBUF", laidOut)).isEqualTo(laidOut);
    assertThat(canonical("JSON", " { \"a\" : 1.0 , \"b\": 1e400 } "))
        .startsWith("{\"a\":1.0,\"b\":");
  }

  @Test
  void refusesWhatIsNoSchema() {
    for (String text :
        List.of(
            "{",
            "message m {",
            "message m { int32 a = 1; int32 b = 1; }",
            "syntax = \"proto3\"; message m { unknown.Type a = 1; }",
            "syntax = \"proto3\"; import \"nowhere.proto\"; message m {}",
            "message a {".repeat(50_000),
            "message m { " + "option (x) = { a: [".repeat(5_000),
            "\"",
            "/*",
            "}",
            "syntax = \"proto3\";",
            "\u0000")) {
      refuses("PROTOBUF", text);
    }
    for (String text : List.of("1", "null", "\"x\"", "[", "{\"a\":".repeat(10_000))) {
      refuses("JSON", text);
    }
  }

  @Test
  void alternativesOfAlternativesEndInARefusal() {
    String deep = "{\"type\":\"integer\"}";
    for (int i = 0; i < 12; i++) {
      deep =
          "{\"anyOf\":[{\"items\":"
              + deep
              + "},{\"items\":"
              + deep.replace("integer", "string")
              + "}]}";
    }
    StoredSchema before = parsing.canonical(new StoredSchema("JSON", deep, List.of()));
    StoredSchema after =
        parsing.canonical(new StoredSchema("JSON", deep.replace("integer", "boolean"), List.of()));
    assertThat(
            check.problems(
                CompatibilityLevel.BACKWARD,
                after,
                List.of(new SchemaVersion("s", 1, 1, before, false))))
        .isNotEmpty();
  }

  private String canonical(String type, String text) {
    return parsing.canonical(new StoredSchema(type, text, List.of())).text();
  }

  private void refuses(String type, String text) {
    assertThatThrownBy(() -> canonical(type, text))
        .isInstanceOfSatisfying(
            RegistryError.class, error -> assertThat(error.code()).isEqualTo(42201));
  }
}
