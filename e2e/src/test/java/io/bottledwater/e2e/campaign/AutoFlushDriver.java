package io.bottledwater.e2e.campaign;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * pgjdbc, but the status messages that are sent through it confirm what has merely been received,
 * the position of a keepalive included.
 */
final class AutoFlushDriver implements Driver {
  private static final String PREFIX = "jdbc:autoflush:";

  // 'r' written flushed applied, each of eight bytes.
  private static final int WRITTEN = 1;
  private static final int FLUSHED = WRITTEN + Long.BYTES;
  private static final int APPLIED = FLUSHED + Long.BYTES;

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
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          return result instanceof PGConnection pg && method.getName().equals("unwrap")
              ? proxy(PGConnection.class, (s, m, a) -> copying(pg, m, a))
              : result;
        });
  }

  private static Object copying(PGConnection connection, Method method, Object[] arguments)
      throws Throwable {
    return method.getName().equals("getCopyAPI")
        ? new CopyManager((BaseConnection) connection) {
          @Override
          public CopyDual copyDual(String sql) throws SQLException {
            CopyDual copy = super.copyDual(sql);
            return proxy(CopyDual.class, (s, m, a) -> confirming(copy, m, a));
          }
        }
        : invoke(connection, method, arguments);
  }

  private static Object confirming(CopyDual copy, Method method, Object[] arguments)
      throws Throwable {
    if (method.getName().equals("writeToCopy") && arguments[0] instanceof byte[] status) {
      System.arraycopy(status, WRITTEN, status, FLUSHED, Long.BYTES);
      System.arraycopy(status, WRITTEN, status, APPLIED, Long.BYTES);
    }
    return invoke(copy, method, arguments);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            AutoFlushDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
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
