package io.bottledwater.e2e.campaign;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationConnection;
import org.postgresql.replication.fluent.ChainedStreamBuilder;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * pgjdbc, but its replication streams confirm the position of keepalives by themselves, whatever
 * they are told.
 */
final class AutoFlushDriver implements Driver {
  private static final String PREFIX = "jdbc:autoflush:";
  private static final List<Class<?>> WRAPPED =
      List.of(
          ChainedLogicalStreamBuilder.class,
          ChainedStreamBuilder.class,
          PGReplicationConnection.class,
          PGConnection.class);

  private final Driver driver = new org.postgresql.Driver();

  /** The URL under which this driver answers for another. */
  static String url(String jdbcUrl) throws SQLException {
    DriverManager.registerDriver(new AutoFlushDriver());
    return PREFIX + jdbcUrl;
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    Connection connection = driver.connect(url.substring(PREFIX.length()), properties);
    return (Connection) wrap(Connection.class, connection);
  }

  private static Object wrap(Class<?> type, Object target) {
    return Proxy.newProxyInstance(
        AutoFlushDriver.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          Object[] used =
              method.getName().equals("withAutomaticFlush") ? new Object[] {true} : arguments;
          try {
            return wrapped(method.invoke(target, used));
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static Object wrapped(Object result) {
    if (result instanceof Connection && !(result instanceof PGConnection)) {
      return result;
    }
    for (Class<?> type : WRAPPED) {
      if (type.isInstance(result)) {
        return wrap(type, result);
      }
    }
    return result;
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return driver.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return driver.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return driver.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
  }
}
