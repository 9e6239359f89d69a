package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What is done to the topics behind the pump's back. */
final class TopicFaults {
  private static final String PUMP = "pump";
  private static final String PUMP_PASSWORD = "pump-password-4711";
  private static final String ADMIN = "admin";
  private static final String ADMIN_PASSWORD = "admin-password-0815";
  private static final int HUGE = 60_000_000;

  private TopicFaults() {}

  static void deleted(Scene scene) {
    // How long the producer hopes for the topic to come back.
    scene.with("--kafka-config=max.block.ms=8000").start();
    scene.kafka().deleteTopic(scene.name() + ".accounts_b");
    scene.expectStop("BW-TOPIC-CHANGED");
    scene.expectRefusal("BW-TOPIC-CHANGED");
  }

  /** A key stays in its partition, also over a restart: new partitions get none of the old keys. */
  static void grown(Scene scene) throws Exception {
    scene.start();
    String topic = scene.name() + ".accounts_a";
    try (Admin admin = scene.kafka().admin()) {
      for (int i = 0; i < scene.rounds(); i++) {
        int partitions = 3 + i;
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
        scene.awaitCommits(200);
        scene.pump().kill9();
        scene.startPump();
        scene.recovered();
        scene.awaitCommits(200);
        for (int partition = 2; partition < partitions; partition++) {
          TopicPartition added = new TopicPartition(topic, partition);
          long end =
              admin
                  .listOffsets(Map.of(added, OffsetSpec.latest()))
                  .partitionResult(added)
                  .get()
                  .offset();
          if (end > 0) {
            scene.violations().add(Rule.O5, end + " records of old keys are in " + added);
          }
        }
      }
    }
  }

  /** The right to write to a topic is taken away, and given back. */
  static void revoked(Scene scene) throws Exception {
    KafkaProcess broker =
        scene.keep(
            KafkaProcess.start(
                PrimaryAndStandby.newDirectory(scene),
                Map.of(
                    "listener.security.protocol.map",
                    "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "sasl.enabled.mechanisms",
                    "PLAIN",
                    "sasl.mechanism.inter.broker.protocol",
                    "PLAIN",
                    "listener.name.clients.plain.sasl.jaas.config",
                    login(ADMIN, ADMIN_PASSWORD, true),
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "super.users",
                    "User:" + ADMIN + ";User:ANONYMOUS",
                    "allow.everyone.if.no.acl.found",
                    "true")));
    TestKafka kafka =
        TestKafka.at(broker.bootstrapServers(), security(login(ADMIN, ADMIN_PASSWORD, false)));
    scene.cluster(kafka);
    security(login(PUMP, PUMP_PASSWORD, false))
        .forEach((name, value) -> scene.with("--kafka-config=" + name + "=" + value));
    scene.secret(PUMP_PASSWORD);
    scene.start();
    String topic = scene.name() + ".accounts_b";
    List<AclBinding> denial =
        List.of(
            acl(topic, AclOperation.ALL, AclPermissionType.ALLOW),
            acl(topic, AclOperation.WRITE, AclPermissionType.DENY));
    try (Admin admin = kafka.admin()) {
      for (int i = 0; i < scene.rounds(); i++) {
        admin.createAcls(denial).all().get();
        scene.expectStop("BW-KAFKA-REFUSED");
        if (!scene.pump().printed("topic " + topic)) {
          scene.violations().add(Rule.OUTCOME, "the topic was not named");
        }
        scene.checkRefusal("BW-KAFKA-REFUSED");
        admin.deleteAcls(denial.stream().map(AclBinding::toFilter).toList()).all().get();
        scene.startPump();
        scene.recovered();
      }
    }
  }

  private static AclBinding acl(
      String topic, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("User:" + PUMP, "*", operation, permission));
  }

  private static Map<String, String> security(String login) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login);
  }

  private static String login(String user, String password, boolean server) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\""
        + (server
            ? " user_"
                + ADMIN
                + "=\""
                + ADMIN_PASSWORD
                + "\" user_"
                + PUMP
                + "=\""
                + PUMP_PASSWORD
                + "\""
            : "")
        + ";";
  }

  /**
   * Too large for the memory, then for the topic, until the topic and the pump are told to take it.
   */
  static void hugeRow(Scene scene) throws Exception {
    scene.heap("64m").start();
    scene
        .database()
        .execute(
            "BEGIN; UPDATE accounts_a SET ver = ver + 1, big = repeat('x', "
                + HUGE
                + ") WHERE id = "
                + (Bank.ROWS + 1)
                + "; INSERT INTO ledger VALUES ('"
                + UUID.randomUUID()
                + "', 1); COMMIT");
    scene.expectStop("BW-MEMORY");
    // What is complete before the row goes out first.
    scene.heap("768m").startPump();
    scene.expectStop("BW-RECORD-REFUSED");
    scene.checkRefusal("BW-RECORD-REFUSED");
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, scene.name() + ".accounts_a");
    try (Admin admin = scene.kafka().admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  topic,
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", "70000000"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    scene.with("--kafka-config=max.request.size=70000000");
    scene.with("--kafka-config=buffer.memory=70000000");
    scene.startPump();
    scene.recovered();
  }
}
