// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IEscrow} from "./interfaces/IEscrow.sol";
import {TokenTransfer} from "./libraries/TokenTransfer.sol";

/// @title Escrow
/// @notice Holds what payers set aside for spenders. Has no owner, no pause and no upgrade.
contract Escrow is IEscrow, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using TokenTransfer for IERC20;

    /* IMMUTABLES */

    /// @inheritdoc IEscrow
    IERC20 public immutable TOKEN;

    /* STORAGE */

    /// @inheritdoc IEscrow
    mapping(address payer => mapping(address spender => uint256)) public balanceOf;
    /// @inheritdoc IEscrow
    mapping(address spender => uint256) public poolOf;

    /* CONSTRUCTOR */

    constructor(IERC20 token) {
        require(address(token) != address(0), ZeroAddress());

        TOKEN = token;
    }

    /* PAYERS */

    /// @inheritdoc IEscrow
    function deposit(address payer, address spender, uint256 amount) external nonReentrant {
        _deposit(payer, spender, amount);
    }

    /// @inheritdoc IEscrow
    function depositWithPermit(
        address spender,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        TOKEN.tryPermit(msg.sender, amount, deadline, v, r, s);
        _deposit(msg.sender, spender, amount);
    }

    /// @inheritdoc IEscrow
    function depositWithAuthorization(
        address payer,
        address spender,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        _add(payer, spender, payer, amount);

        bytes32 nonce = keccak256(abi.encode(spender, salt));
        uint256 received = TOKEN.pullWithAuthorization(payer, amount, validAfter, validBefore, nonce, v, r, s);
        require(received == amount, TokenAmountMismatch(received, amount));
    }

    /// @inheritdoc IEscrow
    function withdraw(address spender, uint256 amount, address to) external nonReentrant {
        require(to != address(0), ZeroAddress());

        _subtract(msg.sender, spender, amount);
        emit Withdrawn(msg.sender, spender, to, amount);

        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IEscrow
    function move(address from, address to, uint256 amount) external {
        require(to != address(0), ZeroAddress());

        _subtract(msg.sender, from, amount);
        balanceOf[msg.sender][to] += amount;
        poolOf[to] += amount;
        emit Moved(msg.sender, from, to, amount);
    }

    /* SPENDERS */

    /// @inheritdoc IEscrow
    function debit(address payer, uint256 amount) external {
        mapping(address spender => uint256) storage balances = balanceOf[payer];
        uint256 balance = balances[msg.sender];
        require(balance >= amount, InsufficientBalance(payer, msg.sender, balance, amount));

        balances[msg.sender] = balance - amount;
    }

    /// @inheritdoc IEscrow
    function credit(address payer, uint256 amount) external {
        balanceOf[payer][msg.sender] += amount;
    }

    /// @inheritdoc IEscrow
    function pay(address to, uint256 amount) external nonReentrant {
        require(to != address(0), ZeroAddress());
        require(amount != 0, ZeroAmount());

        _drain(msg.sender, amount);
        emit Paid(msg.sender, to, amount);

        TOKEN.safeTransfer(to, amount);
    }

    /* INTERNAL */

    function _deposit(address payer, address spender, uint256 amount) internal {
        _add(payer, spender, msg.sender, amount);

        uint256 received = TOKEN.pull(msg.sender, amount);
        require(received == amount, TokenAmountMismatch(received, amount));
    }

    function _add(address payer, address spender, address from, uint256 amount) internal {
        require(amount != 0, ZeroAmount());
        require(payer != address(0) && spender != address(0), ZeroAddress());

        balanceOf[payer][spender] += amount;
        poolOf[spender] += amount;
        emit Deposited(payer, spender, from, amount);
    }

    function _subtract(address payer, address spender, uint256 amount) internal {
        require(amount != 0, ZeroAmount());
        uint256 balance = balanceOf[payer][spender];
        require(balance >= amount, InsufficientBalance(payer, spender, balance, amount));

        balanceOf[payer][spender] = balance - amount;
        _drain(spender, amount);
    }

    /// @dev A spender that credits more than it debited empties its own pool at most.
    function _drain(address spender, uint256 amount) internal {
        uint256 pool = poolOf[spender];
        require(pool >= amount, InsufficientPool(spender, pool, amount));

        poolOf[spender] = pool - amount;
    }
}
